import Backups
import TestSupport
import Verification

/// What a verification of a simulated backup finds: `failed` where its file has no end, holds too few rows or old ones only,
/// `inconclusive` where the machine can't restore or the file was written to meanwhile, else `verified`.
struct SimulatedReport {
    let request: VerificationRequest
    let condition: SimulatedRuns.Condition
    /// Bytes of the file when the verification began.
    let bytes: Int?

    func make(startedAt: Timestamp, finishedAt: Timestamp) -> VerificationReport {
        var evidence = Evidence(planned: [.integrity, .restore, .rows, .freshness])
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

    private static let freshness = "freshness:public.orders"

    private var checks: [Check] {
        guard let text = try? TestFile.text(request.backup) else {
            return [.inconclusive("fetch", in: .fetch, .unreadable, "the backup is not there")]
        }
        guard text.utf8.count == bytes else {
            return [.inconclusive("fetch", in: .fetch, .changedWhileReading, "the backup is still written to")]
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
        let rows = Check.verified("rows", in: .rows, "all rows came back")
        guard !condition.isStale else {
            return [bytes, restore, rows, .failed(Self.freshness, in: .freshness, .notFresh, "the newest row is old")]
        }
        return [bytes, restore, rows, .verified(Self.freshness, in: .freshness, "the newest row is new")]
    }
}
