/// What the verifications of one database showed. All of it comes from the history, and survives a restart.
package struct VerificationFacts: Sendable, Equatable {
    /// The verdict on the newest backup that was judged; `nil` when none ever was.
    package var status: Verdict?
    /// Since when it is that; `nil` when none ever was judged.
    package var statusSince: Timestamp?
    package var proof: Proof
    /// What the status is drawn from; `nil` when none ever was judged, and where that is not kept.
    package var source: StatusSource?
    /// Backups that are still there and whose last verdict is `failed`.
    package var knownBad: Int
    package var lastRun: Timestamp?
    /// When a whole verification last ended as `verified`.
    package var lastSuccess: Timestamp?
    package var nextRun: Timestamp?
    /// Why a turn that is due does not begin; `nil` when none is due, or it runs.
    package var hindrance: Hindrance?
    /// Data time of the newest backup that is proved to restore, and still there unchanged.
    package var verifiedBackupTime: Timestamp?
    /// Since the history began.
    package var runs: [Verdict: UInt64]
    package var isRunning: Bool
    /// Seconds of each stage of the last run.
    package var stageSeconds: [Stage: Double]
    /// The checks of the last run that was judged, without those that were inconclusive.
    package var checks: [String: Bool]
    /// Of the last verified run.
    package var restored: RestoredFacts?
    /// Tables that differed in the last run that was judged; `nil` where tables were not compared.
    package var mismatchedTables: Int?
    /// Newest value of the freshness columns in the restored data, the least over the tables.
    package var freshness: Timestamp?
    /// The newest runs, the newest first, for pages.
    package var recent: [RunSummary]

    package init() {
        proof = .none
        knownBad = 0
        runs = [:]
        isRunning = false
        stageSeconds = [:]
        checks = [:]
        recent = []
    }
}

/// The backup that decides the status of its database, and the run that judged it.
package struct StatusSource: Sendable, Equatable {
    package var backup: BackupIdentity
    /// Its place among the others: the moment it shows, or what comes nearest to that.
    package var time: Timestamp
    /// `nil` where the history does not hold it yet.
    package var run: RunID?
    /// What the run said, and what to do.
    package var message: String
    package var hint: String?

    package init(backup: BackupIdentity, time: Timestamp, run: RunID?, message: String, hint: String?) {
        self.backup = backup
        self.time = time
        self.run = run
        self.message = message
        self.hint = hint
    }

    package init(_ run: RunSummary, time: Timestamp) {
        self.init(backup: run.backup, time: time, run: run.id, message: run.message, hint: run.hint)
    }
}

/// How much came back, and how fast.
package struct RestoredFacts: Sendable, Equatable {
    package var seconds: Double
    package var bytes: UInt64?
    package var rows: UInt64?
    package var tables: UInt64?

    package init(seconds: Double, bytes: UInt64? = nil, rows: UInt64? = nil, tables: UInt64? = nil) {
        self.seconds = seconds
        self.bytes = bytes
        self.rows = rows
        self.tables = tables
    }
}
