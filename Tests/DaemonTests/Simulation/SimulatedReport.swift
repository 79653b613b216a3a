import Backups
import TestSupport
import Verification

/// What a verification of a simulated backup finds: `failed` where its file has no end or holds too few rows,
/// `inconclusive` where the machine can't restore, else `verified`.
struct SimulatedReport {
    let request: VerificationRequest
    let condition: SimulatedRuns.Condition

    func make(startedAt: Timestamp, finishedAt: Timestamp) -> VerificationReport {
        var evidence = Evidence(planned: [.integrity, .restore, .rows])
        evidence.formatHasChecksum = true
        evidence.checks = checks
        let isRestored = evidence.checks.contains { $0.stage == .restore && $0.verdict == .verified }
        evidence.isRestored = isRestored
        let parts = request.backup.split(separator: "/")
        let time = DataTime(manifest: nil, dumpStart: nil, named: request.namedTime, completedAt: startedAt)
        let backup = BackupFacts(
            location: "/" + parts.dropLast().joined(separator: "/"), name: parts.last.map(String.init) ?? "", time: time
        )
        let table = TableResult(
            name: TableName(schema: "public", name: "orders"), dumpRows: 1000,
            restoredRows: 1000 - condition.missingRows, referenceRows: nil,
            proof: condition.missingRows == 0 ? .itself : .none)
        return VerificationReport(
            database: request.database, backup: backup, conclusion: evidence.conclude(), checks: evidence.checks,
            tables: isRestored ? [table] : [],
            restore: isRestored ? RestoreFacts(seconds: condition.restoreSeconds, profile: .fast, bytes: 1 << 20) : nil,
            startedAt: startedAt, finishedAt: finishedAt)
    }

    private var checks: [Check] {
        guard let text = try? TestFile.text(request.backup) else {
            return [.inconclusive("fetch", in: .fetch, .unreadable, "the backup is not there")]
        }
        guard text.hasSuffix(BackupShelf.ending) else {
            return [.failed("trailer", in: .integrity, .truncated, "the dump has no end")]
        }
        let bytes = Check.verified("trailer", in: .integrity, "the dump is whole")
        guard condition.canRestore else {
            return [bytes, .inconclusive("restore", in: .restore, .serverFailed, "no server can be started")]
        }
        let restore = Check.verified("restore", in: .restore, "all was loaded")
        guard condition.missingRows == 0 else {
            return [bytes, restore, .failed("rows", in: .rows, .rowsDiffer, "rows are missing")]
        }
        return [bytes, restore, .verified("rows", in: .rows, "all rows came back")]
    }
}
