import Backups
import GRDB

extension RunSummary {
    /// Columns that ``init(_:)`` reads, of finished runs.
    static let selection = """
        SELECT runs.id, databases.name AS database, path, size_bytes, modified, runs.data_as_of, runs.verdict, reason,
            message, hint, runs.proof, started_at, finished_at, restore_seconds
        FROM runs JOIN backups ON backups.id = runs.backup JOIN databases ON databases.id = runs.database
        """

    init(_ row: Row) throws {
        self.init(
            id: RunID(try row.key("id")), database: try row.text("database"), backup: try row.identity(),
            dataAsOf: row.optionalTime("data_as_of"), verdict: try row.code("verdict"),
            reason: try row.optionalCode("reason"), message: try row.text("message"), hint: row.optionalText("hint"),
            proof: try row.code("proof"), startedAt: try row.time("started_at"),
            finishedAt: try row.time("finished_at"), restoreSeconds: row.optionalNumber("restore_seconds"))
    }

    /// The newest finished runs of a database, the newest first. A run that began later has the higher number, whatever
    /// the clock did in between.
    static func newest(of owner: Int64, limit: Int, in database: Database) throws -> [RunSummary] {
        try database.rows(
            selection + " WHERE runs.database = ? AND finished_at IS NOT NULL ORDER BY runs.id DESC LIMIT ?",
            [owner.databaseValue, max(0, limit).databaseValue]
        ).map { try RunSummary($0) }
    }

    /// The last finished run of each backup, in no order.
    static func lastOfEachBackup(of owner: Int64, in database: Database) throws -> [RunSummary] {
        try database.rows(
            selection + " WHERE runs.id IN (SELECT last_run FROM backups WHERE database = ? AND last_run IS NOT NULL)",
            [owner.databaseValue]
        ).map { try RunSummary($0) }
    }
}
