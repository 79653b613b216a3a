import Backups
import GRDB

/// Reads a whole report as it was written.
struct ReportReader {
    let database: Database
    let run: Int64
    /// Of the tables; drills came with 5.
    var version = HistorySchema.version

    /// - Returns: `nil` for a run that is not known or not finished.
    func read() throws -> VerificationReport? {
        guard
            let row = try database.row(
                """
                SELECT reports.*, started_at, finished_at, verdict, reason, message, hint, proof, data_as_of,
                    restore_seconds, restore_bytes, freshness,
                    \(version < HistorySchema.drilledVersion ? "NULL AS target" : "target")
                FROM runs JOIN reports ON reports.run = runs.id WHERE runs.id = ? AND finished_at IS NOT NULL
                """, [run.databaseValue])
        else { return nil }
        var report = VerificationReport(
            database: row.optionalText("database"), backup: try backup(row), conclusion: try conclusion(row),
            stages: try stages(), checks: try checks(), tables: try tables(), findings: try findings(),
            restore: try restore(row), rto: try StoredObjective.read("rto", row),
            rpo: try StoredObjective.read("rpo", row),
            startedAt: try row.time("started_at"), finishedAt: try row.time("finished_at"),
            tool: ToolFacts(restorable: try row.text("restorable"), postgresql: row.optionalText("postgresql")))
        report.freshness = row.optionalTime("freshness")
        if let target = row.optionalText("target") { report.drill = try drill(target) }
        return report
    }

    private func drill(_ target: String) throws -> DrillFacts? {
        try database.row("SELECT * FROM drills WHERE run = ?", [run.databaseValue]).map {
            try DrillFacts($0, target: target)
        }
    }

    private func backup(_ row: Row) throws -> BackupFacts {
        var facts = BackupFacts(
            location: try row.text("location"), name: try row.text("name"), format: try row.optionalCode("format"),
            compression: try row.optionalCode("compression"), sizeBytes: row.optionalCount("size_bytes"),
            sha256: row.optionalText("sha256").flatMap { SHA256Digest(hexadecimal: $0) },
            time: DataTime(
                restoring: row.optionalTime("data_as_of"), from: try row.optionalCode("data_source"),
                completedAt: row.optionalTime("completed_at")))
        facts.contentBytes = row.optionalCount("content_bytes")
        facts.dumpedFrom = row.optionalText("dumped_from")
        facts.dumpedBy = row.optionalText("dumped_by")
        return facts
    }

    private func conclusion(_ row: Row) throws -> Conclusion {
        Conclusion(
            verdict: try row.code("verdict"), reason: try row.optionalCode("reason"),
            message: try row.text("message"), hint: row.optionalText("hint"), proof: try row.code("proof"),
            provedThrough: try row.optionalCode("proved_through"), stoppedAfter: try row.optionalCode("stopped_after"),
            content: try row.code("content"), notes: try StoredJSON.decode(try row.text("notes")))
    }

    private func restore(_ row: Row) throws -> RestoreFacts? {
        guard let seconds = row.optionalNumber("restore_seconds") else { return nil }
        return RestoreFacts(
            seconds: seconds, profile: try row.code("restore_profile"), bytes: row.optionalCount("restore_bytes"))
    }

    private func stages() throws -> [StageTiming] {
        try parts("stages").map {
            StageTiming(try $0.code("stage"), seconds: try $0.number("seconds"), bytes: $0.optionalCount("bytes"))
        }
    }

    private func checks() throws -> [Check] {
        try parts("checks").map {
            Check(
                restoring: try $0.text("name"), stage: try $0.code("stage"), verdict: try $0.code("verdict"),
                reason: try $0.optionalCode("reason"), message: try $0.text("message"), hint: $0.optionalText("hint"),
                location: location($0), details: try StoredJSON.decode(try $0.text("details")))
        }
    }

    private func tables() throws -> [TableResult] {
        try parts("tables").map {
            TableResult(
                name: TableName(
                    database: $0.optionalText("database"), schema: try $0.text("schema"), name: try $0.text("name")),
                dumpRows: $0.optionalCount("dump_rows"), restoredRows: $0.optionalCount("restored_rows"),
                referenceRows: $0.optionalCount("reference_rows"), bounds: bounds($0), proof: try $0.code("proof"))
        }
    }

    private func bounds(_ row: Row) -> ClosedRange<UInt64>? {
        guard let lower = row.optionalCount("bounds_lower"), let upper = row.optionalCount("bounds_upper"),
            lower <= upper
        else { return nil }
        return lower...upper
    }

    private func findings() throws -> [Finding] {
        try parts("findings").map {
            Finding(
                statement: try $0.text("statement"), location: location($0), sqlstate: $0.optionalText("sqlstate"),
                message: try $0.text("message"), verdict: try $0.code("verdict"),
                reason: try $0.optionalCode("reason"), hint: $0.optionalText("hint"))
        }
    }

    private func location(_ row: Row) -> SourceLocation? {
        row.optionalCount("content_offset").map { SourceLocation(offset: $0, line: row.optionalCount("content_line")) }
    }

    private func parts(_ table: String) throws -> [Row] {
        try database.rows("SELECT * FROM \(table) WHERE run = ? ORDER BY position", [run.databaseValue])
    }
}
