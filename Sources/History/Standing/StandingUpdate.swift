import Backups
import GRDB

/// Draws, when a run ends, what the facts will say: of its backup, and of its database. Drawn once and kept, so that
/// removing old runs changes no fact.
struct StandingUpdate {
    let database: Database
    let run: Int64
    let owner: Int64
    let backup: Int64

    func apply(_ report: VerificationReport) throws {
        let outcome = BackupStanding.Outcome(report.conclusion)
        let hasJudged = try updateBackup(report, outcome)
        try updateStatus(at: report.finishedAt)
        let counter = "\(outcome.verdict.rawValue)_runs"
        try database.run(
            """
            UPDATE databases SET last_run = ?1, \(counter) = \(counter) + 1,
                last_success = iif(?2, ?1, last_success), last_judged = iif(?3, ?1, last_judged),
                last_restored = iif(?4, ?1, last_restored)
            WHERE id = ?5
            """,
            [
                run.databaseValue, outcome.isWholeSuccess.databaseValue, hasJudged.databaseValue,
                (outcome.verdict == .verified && report.restore != nil).databaseValue, owner.databaseValue,
            ])
    }

    /// - Returns: whether the run judged the backup.
    private func updateBackup(_ report: VerificationReport, _ outcome: BackupStanding.Outcome) throws -> Bool {
        guard let row = try database.row("SELECT * FROM backups WHERE id = ?", [backup.databaseValue]) else {
            throw Obstacle(.internalError, "the backup of run \(run) is missing from the history")
        }
        var earlier: BackupStanding?
        if let verdict: Verdict = try row.optionalCode("verdict") {
            earlier = BackupStanding(
                verdict: verdict, proof: try row.code("proof"), isProved: try row.key("is_proved") != 0)
        }
        let (standing, hasJudged) = BackupStanding.after(outcome, earlier: earlier)
        let time = report.backup.time
        let asOf = time.asOf ?? row.optionalTime("found_as_of") ?? row.optionalTime("data_as_of")
        let completed = row.optionalTime("completed_at") ?? time.completedAt
        // As the catalog orders them: of a damaged backup nobody has read the moment that others were found to show.
        let order = try row.optionalTime("data_as_of") ?? asOf ?? completed ?? row.time("modified")
        try database.update(
            "backups", id: backup,
            [
                "last_run": run.databaseValue, "verdict": .code(standing.verdict), "proof": .code(standing.proof),
                "is_proved": standing.isProved.databaseValue, "found_as_of": .time(asOf),
                "judged_time": .time(order),
            ])
        return hasJudged
    }

    /// The status is that of the newest backup that was looked at; its series begins when it changes.
    private func updateStatus(at moment: Timestamp) throws {
        try database.run(
            """
            UPDATE databases SET
                status_since = iif(status IS newest.verdict, status_since, ?1),
                status = newest.verdict, status_proof = newest.proof
            FROM (
                SELECT verdict, proof FROM backups WHERE database = ?2 AND last_run IS NOT NULL
                ORDER BY judged_time DESC, last_run DESC LIMIT 1
            ) AS newest
            WHERE databases.id = ?2
            """, [.time(moment), owner.databaseValue])
    }
}
