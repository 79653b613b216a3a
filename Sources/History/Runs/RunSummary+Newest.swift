import Backups
import GRDB

extension RunSummary {
    /// The newest finished runs of a database, the newest first. A run that began later has the higher number, whatever
    /// the clock did in between.
    /// - Parameter kind: only these; `nil`: all.
    static func newest(
        of owner: Int64, kind: RunKind? = nil, limit: Int, in database: Database
    ) throws -> [RunSummary] {
        try newest(of: [owner], kind: kind, before: nil, limit: limit, version: HistorySchema.version, in: database)
    }

    /// The newest finished runs of these databases together, the newest first: one question, however many they are.
    /// - Parameters:
    ///   - kind: only these; `nil`: all.
    ///   - next: only runs before this one; `nil`: all.
    ///   - version: of the tables.
    static func newest(
        of names: [String], kind: RunKind? = nil, before next: RunID?, limit: Int,
        version: Int64 = HistorySchema.version, in database: Database
    ) throws -> [RunSummary] {
        let owners = try database.rows(
            "SELECT id FROM databases WHERE name IN (SELECT value FROM json_each(?))",
            [JSONValue.array(names.map { .string($0) }).text.databaseValue]
        ).map { try $0.key("id") }
        return try newest(of: owners, kind: kind, before: next, limit: limit, version: version, in: database)
    }

    private static func newest(
        of owners: [Int64], kind: RunKind?, before next: RunID?, limit: Int, version: Int64, in database: Database
    ) throws -> [RunSummary] {
        let knowsDrills = version >= HistorySchema.drilledVersion
        guard !owners.isEmpty, kind != .drill || knowsDrills else { return [] }
        let isOne = owners.count == 1
        // Of one its own index tells, of many the order of the runs does, which a plus sign keeps to. Drills are few among many
        // runs: theirs is an index of their own, from which the newest of many are put in order.
        let isDrill = kind == .drill
        let owner =
            isOne ? "runs.database = ?" : "\(isDrill ? "" : "+")runs.database IN (SELECT value FROM json_each(?))"
        var condition = "\(owner) AND runs.id < ? AND \(isDrill ? "+" : "")finished_at IS NOT NULL"
        if isDrill { condition += " AND target IS NOT NULL" }
        if kind == .verification, knowsDrills { condition += " AND target IS NULL" }
        let list = JSONValue.array(owners.map { .integer($0) }).text.databaseValue
        return try database.rows(
            selection(version: version) + " WHERE \(condition) ORDER BY runs.id DESC LIMIT ?",
            [
                isOne ? owners[0].databaseValue : list, (next?.rawValue ?? .max).databaseValue,
                max(0, limit).databaseValue,
            ]
        ).map { try RunSummary($0) }
    }
}
