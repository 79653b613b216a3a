import Backups
import GRDB

/// Reads what the drills of one database showed: a few statements, each along an index.
struct DrillReader {
    let database: Database

    func read(_ name: String) throws -> DrillRecord {
        var record = DrillRecord()
        let row = try database.row("SELECT * FROM databases WHERE name = ?", [name.databaseValue])
        guard let row else { return record }
        record.status = try row.optionalCode("drill_status")
        record.statusSince = row.optionalTime("drill_status_since")
        record.since = row.optionalTime("drilled_since")
        for verdict in Verdict.allCases {
            let count = try row.count("\(verdict.rawValue)_drills")
            if count > 0 { record.runs[verdict] = count }
        }
        record.last = try drill(row.optionalKey("last_drill"))
        record.lastVerified = try drill(row.optionalKey("last_drill_success"))
        record.deciding = try drill(row.optionalKey("deciding_drill"))
        record.lastRun = record.last?.finishedAt
        record.lastSuccess = record.lastVerified?.finishedAt
        return record
    }

    private func drill(_ run: Int64?) throws -> PastDrill? {
        guard let run else { return nil }
        let row = try database.row(
            """
            SELECT runs.*, drills.*, reports.name AS base, rto, rpo
            FROM runs JOIN drills ON drills.run = runs.id JOIN reports ON reports.run = runs.id
            WHERE runs.id = ? AND finished_at IS NOT NULL
            """, [run.databaseValue])
        guard let row else { return nil }
        return PastDrill(
            run: RunID(run), base: try row.text("base"), verdict: try row.code("verdict"),
            reason: try row.optionalCode("reason"), message: try row.text("message"), hint: row.optionalText("hint"),
            startedAt: try row.time("started_at"), finishedAt: try row.time("finished_at"),
            recoverySeconds: row.optionalNumber("restore_seconds"), rpo: try StoredObjective.read("rpo", row),
            rto: try StoredObjective.read("rto", row), facts: try DrillFacts(row, target: try row.text("target")))
    }
}

extension DrillFacts {
    /// A row of `drills`.
    init(_ row: Row, target: String) throws {
        self.init(
            target: target, archive: try row.text("archive"), files: Int(try row.key("files")),
            bytes: try row.count("bytes"))
        end = row.optionalText("end_position")
        timeline = row.optionalKey("timeline").flatMap { UInt32(exactly: $0) }
        lastTransaction = row.optionalTime("last_transaction")
        replaySeconds = row.optionalNumber("replay_seconds")
        promoteSeconds = row.optionalNumber("promote_seconds")
    }
}
