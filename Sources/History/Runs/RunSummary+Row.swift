import Backups
import GRDB

extension RunSummary {
    /// Columns that ``init(_:)`` reads, of finished runs.
    static let selection = selection(version: HistorySchema.version)

    /// - Parameter version: of the tables.
    static func selection(version: Int64) -> String {
        """
        SELECT runs.id, databases.name AS database, path, size_bytes, modified, runs.data_as_of, runs.verdict, reason,
            message, hint, runs.proof, started_at, finished_at, restore_seconds,
            \(version < HistorySchema.drilledVersion ? "NULL AS target" : "runs.target")
        FROM runs JOIN backups ON backups.id = runs.backup JOIN databases ON databases.id = runs.database
        """
    }

    init(_ row: Row) throws {
        self.init(
            id: RunID(try row.key("id")), database: try row.text("database"), backup: try row.identity(),
            dataAsOf: row.optionalTime("data_as_of"), verdict: try row.code("verdict"),
            reason: try row.optionalCode("reason"), message: try row.text("message"), hint: row.optionalText("hint"),
            proof: try row.code("proof"), startedAt: try row.time("started_at"),
            finishedAt: try row.time("finished_at"), restoreSeconds: row.optionalNumber("restore_seconds"),
            target: row.optionalText("target"))
    }

    /// The last finished run of each backup, in no order.
    static func lastOfEachBackup(
        of owner: Int64, version: Int64 = HistorySchema.version, in database: Database
    ) throws -> [RunSummary] {
        try database.rows(
            selection(version: version)
                + " WHERE runs.id IN (SELECT last_run FROM backups WHERE database = ? AND last_run IS NOT NULL)",
            [owner.databaseValue]
        ).map { try RunSummary($0) }
    }
}
