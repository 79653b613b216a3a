import Backups
import GRDB

extension RunSummary {
    /// Columns that ``init(_:)`` reads, of finished runs.
    static let selection = selection(version: HistorySchema.version)

    /// - Parameter version: of the tables; drills came with 5.
    static func selection(version: Int64) -> String {
        """
        SELECT runs.id, databases.name AS database, path, size_bytes, modified, runs.data_as_of, runs.verdict, reason,
            message, hint, runs.proof, started_at, finished_at, restore_seconds,
            \(version < 5 ? "NULL AS target" : "runs.target")
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

    /// The newest finished runs of a database, the newest first. A run that began later has the higher number, whatever
    /// the clock did in between.
    /// - Parameter isVerification: without drills.
    static func newest(
        of owner: Int64, limit: Int, isVerification: Bool = false, in database: Database
    ) throws -> [RunSummary] {
        try database.rows(
            selection + " WHERE runs.database = ? AND finished_at IS NOT NULL"
                + (isVerification ? " AND target IS NULL" : "") + " ORDER BY runs.id DESC LIMIT ?",
            [owner.databaseValue, max(0, limit).databaseValue]
        ).map { try RunSummary($0) }
    }

    /// The newest finished runs of these databases together, the newest first: one question, however many they are.
    /// - Parameters:
    ///   - next: only runs before this one; `nil`: all.
    ///   - version: of the tables.
    static func newest(
        of names: [String], before next: RunID?, limit: Int, version: Int64 = HistorySchema.version,
        in database: Database
    ) throws -> [RunSummary] {
        let owners = try database.rows(
            "SELECT id FROM databases WHERE name IN (SELECT value FROM json_each(?))",
            [JSONValue.array(names.map { .string($0) }).text.databaseValue]
        ).map { try $0.key("id") }
        guard !owners.isEmpty else { return [] }
        // Of one its own index tells; of many the order of the runs does, which the plus sign keeps to.
        let condition = owners.count == 1 ? "runs.database = ?" : "+runs.database IN (SELECT value FROM json_each(?))"
        let list = JSONValue.array(owners.map { .integer($0) }).text.databaseValue
        return try database.rows(
            selection(version: version)
                + " WHERE \(condition) AND runs.id < ? AND finished_at IS NOT NULL ORDER BY runs.id DESC LIMIT ?",
            [
                owners.count == 1 ? owners[0].databaseValue : list, (next?.rawValue ?? .max).databaseValue,
                max(0, limit).databaseValue,
            ]
        ).map { try RunSummary($0) }
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
