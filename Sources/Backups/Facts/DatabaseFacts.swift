/// All that is known of one configured database. `nil` is "not known", and is never shown as a number.
package struct DatabaseFacts: Sendable, Equatable {
    package var name: String
    package var engine: String
    /// `logical`, `physical` or `snapshot`.
    package var kind: String
    /// The entry of the configuration that found it by `{database}`; `nil` for one that has an entry of its own.
    package var discoveredBy: String?
    /// When it was first configured: "never verified" is judged from here.
    package var monitoredSince: Timestamp
    /// Verification is suspended on purpose.
    package var isSuspended: Bool
    package var objectives: ConfiguredObjectives
    /// Configured floor for the size of a backup, in bytes.
    package var minimumSize: UInt64?
    /// `nil` until its location was listed once.
    package var catalog: CatalogFacts?
    package var verification: VerificationFacts
    /// `nil` where no connection to production is configured.
    package var production: ProductionFacts?
    /// The file system that holds production's data, where production itself is not asked.
    package var ownDisk: DiskFacts?
    /// `nil` where no archive of the write-ahead log is configured, or it was not looked at yet.
    package var walArchive: WALArchiveFacts?
    /// `nil` where no drills are configured.
    package var drill: DrillRecord?
    /// An archive is configured, and nobody knows yet what it holds.
    package var awaitsWALArchive = false

    package init(
        name: String, engine: String = "postgresql", kind: String = "logical", discoveredBy: String? = nil,
        monitoredSince: Timestamp, isSuspended: Bool = false, objectives: ConfiguredObjectives = ConfiguredObjectives(),
        minimumSize: UInt64? = nil, catalog: CatalogFacts? = nil, verification: VerificationFacts = VerificationFacts(),
        production: ProductionFacts? = nil, walArchive: WALArchiveFacts? = nil
    ) {
        self.name = name
        self.engine = engine
        self.kind = kind
        self.discoveredBy = discoveredBy
        self.monitoredSince = monitoredSince
        self.isSuspended = isSuspended
        self.objectives = objectives
        self.minimumSize = minimumSize
        self.catalog = catalog
        self.verification = verification
        self.production = production
        self.walArchive = walArchive
    }

    /// The file system that holds production's data; `nil` where its path is not configured, or can't be looked at.
    package var disk: DiskFacts? { ownDisk ?? production?.disk }

    /// The newest point one could get back to: the data time of the newest complete backup, or the last commit in the
    /// unbroken part of the archived write-ahead log. `nil` where nothing tells it; the time that a backup's file was
    /// finished is later, and would promise too much. Neither is it known before a configured archive was looked at once: the
    /// backup's time alone would be too early.
    package var recoverableUntil: Timestamp? {
        guard !awaitsWALArchive else { return nil }
        guard let data = catalog?.newest?.dataAsOf else { return walArchive?.window.end }
        return max(data, walArchive?.window.end ?? data)
    }

    /// It was discovered, and none of its backups is there any more: it stays, and alarms, until somebody forgets it.
    package var hasVanished: Bool {
        guard discoveredBy != nil, let catalog else { return false }
        return catalog.isLocationUp && catalog.backups.isEmpty && catalog.inProgress == 0
    }
}

/// What the configuration asks for; exported, so that rules need no literals.
package struct ConfiguredObjectives: Sendable, Equatable {
    package var backupEvery: Duration?
    package var rpo: Duration?
    package var rto: Duration?
    package var verifyEvery: Duration?
    package var recoveryWindow: Duration?
    package var walLag: Duration?

    package init(
        backupEvery: Duration? = nil, rpo: Duration? = nil, rto: Duration? = nil, verifyEvery: Duration? = nil,
        recoveryWindow: Duration? = nil, walLag: Duration? = nil
    ) {
        self.backupEvery = backupEvery
        self.rpo = rpo
        self.rto = rto
        self.verifyEvery = verifyEvery
        self.recoveryWindow = recoveryWindow
        self.walLag = walLag
    }

    /// How old the newest backup may be before it is overdue, in seconds: its interval, and a quarter of it or 15 minutes as
    /// grace. As the alert BackupOverdue has it, which a test holds this against.
    package var oldestBackup: Double? {
        backupEvery.map { $0.totalSeconds + max($0.totalSeconds * 0.25, 900) }
    }
}
