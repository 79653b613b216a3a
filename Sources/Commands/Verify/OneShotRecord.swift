import Backups
import History
import Verification

/// What a one-shot run leaves in the history, so that the daemon's pages and `restorable history` know of it.
///
/// Only a history that is there already, and that no daemon has open, is written: a file made by whoever ran a command
/// would lock out the daemon, which runs as a user of its own. It is open for no longer than the writing takes.
struct OneShotRecord {
    private let path: String?
    private let backups: [String: BackupIdentity]
    private var ends: [(backup: BackupIdentity, report: VerificationReport)] = []

    init(_ asked: ConfiguredRequests) {
        path = asked.history
        backups = asked.backups
    }

    /// A run that looked at a part of the backup, or that somebody broke off, says nothing of it that others should hear.
    mutating func note(_ request: VerificationRequest, _ report: VerificationReport) {
        guard let backup = backups[request.backup], report.database != nil, report.conclusion.reason != .interrupted,
            request.restore.tables.isEmpty, request.restore.schemas.isEmpty
        else { return }
        ends.append((backup, report))
    }

    /// - Returns: why nothing was written, where it should have been.
    func write() -> String? {
        guard let path, !ends.isEmpty, HistoryReader(path: path).isThere else { return nil }
        do {
            let (history, _) = try SQLiteHistory.open(path: path, now: .now(), settingAside: false)
            for (backup, report) in ends {
                let run = try history.begin(report.database ?? "", backup: backup, at: report.startedAt)
                try history.finish(run, report)
            }
            try history.close()
            return nil
        } catch {
            return "the results are not in the history: \(error)"
        }
    }
}
