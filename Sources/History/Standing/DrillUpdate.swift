import Backups
import GRDB

/// Draws, when a drill ends, what the record of a database's drills will say, as ``StandingUpdate`` does for verifications.
struct DrillUpdate {
    let database: Database
    let run: Int64
    let owner: Int64

    func apply(_ report: VerificationReport) throws {
        if let drill = report.drill { try Self.write(drill, of: run, in: database) }
        guard
            let row = try database.row("SELECT drill_status FROM databases WHERE id = ?", [owner.databaseValue])
        else { throw Obstacle(.internalError, "the database of run \(run) is missing from the history") }
        let earlier: Verdict? = try row.optionalCode("drill_status")
        let verdict = report.conclusion.verdict
        let status = DrillRecord.status(after: verdict, earlier: earlier)
        let counter = "\(verdict.rawValue)_drills"
        try database.run(
            """
            UPDATE databases SET last_drill = ?1, \(counter) = \(counter) + 1,
                last_drill_success = iif(?2, ?1, last_drill_success), deciding_drill = iif(?3, ?1, deciding_drill),
                drill_status = ?4, drill_status_since = iif(?5, drill_status_since, ?6)
            WHERE id = ?7
            """,
            [
                run.databaseValue, (verdict == .verified).databaseValue, (status == verdict).databaseValue,
                .code(status),
                (status == earlier).databaseValue, .time(report.finishedAt), owner.databaseValue,
            ])
    }

    /// Puts down how far a drill is to go, or went.
    static func write(_ drill: DrillFacts, of run: Int64, in database: Database) throws {
        try database.run("DELETE FROM drills WHERE run = ?", [run.databaseValue])
        try database.insert(
            into: "drills",
            [
                "run": run.databaseValue, "archive": StoredText.value(drill.archive),
                "end_position": StoredText.value(drill.end), "timeline": .key(drill.timeline.map { Int64($0) }),
                "last_transaction": .time(drill.lastTransaction), "files": drill.files.databaseValue,
                "bytes": .count(drill.bytes), "replay_seconds": .number(drill.replaySeconds),
                "promote_seconds": .number(drill.promoteSeconds),
            ])
    }
}
