/// One verification, or one drill, as the history keeps it in one line; ``VerificationReport`` is all of it.
package struct RunSummary: Sendable, Equatable {
    package var id: RunID
    package var database: String
    package var backup: BackupIdentity
    /// The data time of the backup, as the run found it.
    package var dataAsOf: Timestamp?
    package var verdict: Verdict
    package var reason: Reason?
    package var message: String
    package var hint: String?
    package var proof: Proof
    package var startedAt: Timestamp
    package var finishedAt: Timestamp
    /// Seconds that the restore took; `nil` when nothing was restored.
    package var restoreSeconds: Double?
    /// How far a drill was to recover; `nil` for the verification of a backup.
    package var target: String?

    package init(
        id: RunID, database: String, backup: BackupIdentity, dataAsOf: Timestamp?, verdict: Verdict, reason: Reason?,
        message: String, hint: String?, proof: Proof, startedAt: Timestamp, finishedAt: Timestamp,
        restoreSeconds: Double?, target: String? = nil
    ) {
        self.id = id
        self.database = database
        self.backup = backup
        self.dataAsOf = dataAsOf
        self.verdict = verdict
        self.reason = reason
        self.message = message
        self.hint = hint
        self.proof = proof
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.restoreSeconds = restoreSeconds
        self.target = target
    }

    /// It tried a recovery to a point in time, and says nothing of the backup by itself.
    package var isDrill: Bool { target != nil }

    package var kind: RunKind { isDrill ? .drill : .verification }
}

/// Names one verification in the history, for ever.
package struct RunID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    package let rawValue: Int64

    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static func < (left: RunID, right: RunID) -> Bool { left.rawValue < right.rawValue }
    package var description: String { "\(rawValue)" }
}
