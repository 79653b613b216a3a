import Backups

/// What the facts of one database mean at one moment, for somebody who has to act on them: pure.
struct Standing: Sendable {
    /// What would be lost if production were gone now.
    struct Loss: Sendable, Equatable {
        let seconds: Double
        /// The data one would be back at.
        let backTo: Timestamp
        /// The backup that one would go back to is proved to restore.
        let isProved: Bool
        /// Only the time its file was finished is known: the data are older than that.
        let isLowerBound: Bool
    }

    let database: DatabaseFacts
    let now: Timestamp
    /// The worst first.
    let concerns: [Concern]
    /// `nil` where nothing could be got back, or nothing is known: neither is it before a configured archive was looked at once.
    let loss: Loss?

    var level: Level { concerns.first?.level ?? .well }

    init(_ database: DatabaseFacts, now: Timestamp) {
        self.database = database
        self.now = now
        loss = Self.loss(database, now: now)
        let found =
            Self.verification(database, now: now) + Self.catalog(database, now: now, loss: loss)
            + Self.production(database) + Self.walArchive(database, now: now)
            + Self.drills(database, now: now)
        // Stable: of two that are as bad, the one that was looked for first.
        concerns = found.enumerated().sorted { ($1.element.level, $0.offset) < ($0.element.level, $1.offset) }
            .map(\.element)
    }

    /// Where the newest backup failed, one goes back to the newest that is proved.
    private static func loss(_ database: DatabaseFacts, now: Timestamp) -> Loss? {
        let verified = database.verification.verifiedBackupTime
        if database.verification.status == .failed {
            guard let backTo = verified ?? database.newestProved?.completedAt else { return nil }
            return Loss(seconds: now.age(of: backTo), backTo: backTo, isProved: true, isLowerBound: verified == nil)
        }
        // The backup's time alone would tell of a loss that the log makes good.
        guard let newest = database.catalog?.newest, !database.awaitsWALArchive else { return nil }
        let backTo = database.recoverableUntil ?? newest.completedAt
        return Loss(
            seconds: now.age(of: backTo), backTo: backTo,
            isProved: verified.map { $0 >= backTo } ?? (database.newestProved?.identity == newest.identity),
            isLowerBound: database.recoverableUntil == nil)
    }
}

extension DatabaseFacts {
    /// The newest backup that is there and whose last run, of those that are known here, verified it. It tells of backups
    /// whose data time nothing tells, since their names have none and they have no manifest.
    var newestProved: CatalogBackup? {
        catalog?.backups.last { backup in
            let last = verification.recent.first { $0.backup == backup.identity }
            // A look at a part proves no way back.
            return last?.verdict == .verified && last?.reason != .stoppedEarly
        }
    }
}

extension Timestamp {
    /// Seconds since `earlier`, never negative: clocks differ.
    func age(of earlier: Timestamp) -> Double { max(0, seconds(since: earlier)) }
}

extension Standing {
    private static func verification(_ database: DatabaseFacts, now: Timestamp) -> [Concern] {
        let facts = database.verification
        var concerns: [Concern] = []
        switch facts.status {
        case .failed: concerns.append(judged(.failed, "verification-failed", "Would not come back", facts))
        case .inconclusive: concerns.append(judged(.attention, "inconclusive", "Could not be checked", facts))
        case .verified: break
        case nil where !database.isSuspended && !lacksBackups(database):
            concerns.append(Concern("never-verified", .waiting, "Never verified yet", since: database.monitoredSince))
        case nil: break
        }
        if database.isSuspended {
            concerns.append(Concern("suspended", .waiting, "Verification is suspended"))
        } else if let every = database.objectives.verifyEvery?.totalSeconds {
            // Two intervals, as the alert BackupVerificationStale has it.
            let since = facts.lastSuccess ?? database.monitoredSince
            if now.age(of: since) > 2 * every {
                concerns.append(
                    Concern(
                        "verification-stale", .attention, "No verified restore for too long",
                        detail: "One is wanted every \(Quantity.duration(seconds: every)).", since: since))
            }
        }
        let older = facts.knownBad - (facts.status == .failed ? 1 : 0)
        if older > 0 {
            concerns.append(
                Concern(
                    "known-bad", .attention, "\(Quantity.count(UInt64(older), "older backup")) would not restore"))
        }
        if let took = facts.restored?.seconds, let rto = database.objectives.rto?.totalSeconds, took > rto {
            concerns.append(
                Concern(
                    "restore-too-slow", .attention, "Restoring takes too long",
                    detail: "It took \(Quantity.duration(seconds: took)); the objective is "
                        + "\(Quantity.duration(seconds: rto))."))
        }
        return concerns
    }

    /// What the run that decided the status said.
    private static func judged(_ level: Level, _ code: String, _ title: String, _ facts: VerificationFacts) -> Concern {
        let newest = facts.recent.first { $0.verdict == facts.status }
        let source = facts.source ?? newest.map { StatusSource($0, time: $0.finishedAt) }
        return Concern(
            code, level, title, detail: source?.message, hint: source?.hint, since: facts.statusSince, run: source?.run)
    }

    private static func catalog(_ database: DatabaseFacts, now: Timestamp, loss: Loss?) -> [Concern] {
        guard let catalog = database.catalog else {
            return [Concern("not-listed", .waiting, "Its location was not listed yet")]
        }
        var concerns: [Concern] = []
        if !catalog.isLocationUp {
            concerns.append(
                Concern(
                    "location-down", .attention, "Its backups can't be listed", detail: catalog.problem))
        }
        guard let newest = catalog.newest else {
            return concerns + (catalog.isLocationUp ? [missing(database, catalog)] : [])
        }
        if let rpo = database.objectives.rpo?.totalSeconds, let loss, loss.seconds > rpo {
            concerns.append(
                Concern(
                    "recovery-point", .attention, "Too much would be lost",
                    detail: "\(Quantity.duration(seconds: loss.seconds)) of data; the objective is "
                        + "\(Quantity.duration(seconds: rpo))."))
        }
        // Where the location can't be listed there may be a newer one.
        if let every = database.objectives.backupEvery?.totalSeconds, let most = database.objectives.oldestBackup,
            catalog.isLocationUp, now.age(of: newest.completedAt) > most
        {
            concerns.append(
                Concern(
                    "overdue", .attention, "A backup is overdue",
                    detail: "One is wanted every \(Quantity.duration(seconds: every)).", since: newest.completedAt))
        }
        return concerns + sizes(database, catalog, newest)
    }

    /// There is nothing to verify, and that is told already.
    private static func lacksBackups(_ database: DatabaseFacts) -> Bool {
        database.catalog.map { $0.isLocationUp && $0.newest == nil } ?? false
    }

    private static func missing(_ database: DatabaseFacts, _ catalog: CatalogFacts) -> Concern {
        if database.hasVanished {
            // Only a name that no shell reads anything into is put into a command.
            let isPlain = database.name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._\-]*/) != nil
            return Concern(
                "no-backup", .failed, "All its backups are gone",
                detail: "They were found by \(database.discoveredBy ?? ""), and have vanished from its location.",
                hint:
                    "Find out who removed them. It is kept, and alarms, until a backup comes back; if it is meant to be "
                    + "gone: restorable forget \(isPlain ? database.name : "NAME")")
        }
        return Concern(
            "no-backup", .failed, "There is no backup",
            detail: catalog.inProgress > 0
                ? "\(Quantity.count(UInt64(catalog.inProgress), "backup")) may still be written to: one counts when it has held "
                    + "still for a minute, or when its manifest is there."
                : "No complete backup is known at its location.",
            hint: catalog.inProgress > 0
                ? nil
                : "Look at the job that makes them, and whether backups.location and backups.match name what it writes."
        )
    }

    private static func sizes(
        _ database: DatabaseFacts, _ catalog: CatalogFacts, _ newest: CatalogBackup
    ) -> [Concern] {
        let size = newest.identity.sizeBytes
        var concerns: [Concern] = []
        if let least = database.minimumSize, size < least {
            concerns.append(
                Concern(
                    "too-small", .attention, "The newest backup is too small",
                    detail: "It has \(Quantity.bytes(size)); the floor is \(Quantity.bytes(least))."))
        } else if let band = catalog.expectedSize, !band.contains(Double(size)) {
            let (low, high) = (UInt64(max(0, band.lowerBound)), UInt64(max(0, min(band.upperBound, 1e18))))
            concerns.append(
                Concern(
                    "odd-size", .attention, "The newest backup has an odd size",
                    detail: "It has \(Quantity.bytes(size)); \(Quantity.bytes(low)) to \(Quantity.bytes(high)) "
                        + "was expected from those before."))
        }
        if catalog.identicalSizes >= 3, catalog.hasProductionChanged == true {
            concerns.append(
                Concern(
                    "not-growing", .attention, "Backups stay the same while production changes",
                    detail: "The newest \(catalog.identicalSizes) have the same size to the byte."))
        }
        return concerns
    }

    private static func production(_ database: DatabaseFacts) -> [Concern] {
        guard let production = database.production else { return disk(database) }
        var concerns: [Concern] = []
        if !production.isUp {
            concerns.append(
                Concern(
                    "production-down", .attention, "Production does not answer", detail: production.problem,
                    since: production.sampledAt))
        }
        if let lag = production.archiving?.lagSeconds, let most = database.objectives.walLag?.totalSeconds, lag > most {
            concerns.append(
                Concern(
                    "wal-lag", .attention, "WAL is archived too late",
                    detail: "The oldest waiting segment is \(Quantity.duration(seconds: lag)) old; the objective is "
                        + "\(Quantity.duration(seconds: most))."))
        }
        if let archiving = production.archiving, let failure = archiving.lastFailure,
            archiving.lastSuccess.map({ failure > $0 }) ?? true
        {
            concerns.append(Concern("wal-archiver", .attention, "Archiving of WAL fails", since: failure))
        }
        return concerns + disk(database)
    }

    private static func disk(_ database: DatabaseFacts) -> [Concern] {
        guard let disk = database.disk, disk.capacityBytes > 0,
            Double(disk.usedBytes) > 0.85 * Double(disk.capacityBytes)
        else { return [] }
        return [
            Concern(
                "disk-full", .attention, "Production's disk is nearly full",
                detail: "\(Quantity.bytes(disk.usedBytes)) of \(Quantity.bytes(disk.capacityBytes)) are used.")
        ]
    }
}
