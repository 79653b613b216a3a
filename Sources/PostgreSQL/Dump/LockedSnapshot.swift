import Backups

/// A snapshot in which every table of the database is locked ACCESS SHARE, and was before the snapshot was taken.
///
/// Without the locks a TRUNCATE (or a rewrite by ALTER TABLE) after the snapshot would show the counters an empty table: it
/// is not transactional towards snapshots taken before. So: list the tables, lock them, then take the snapshot, and look
/// in it whether any table came meanwhile; if one did, begin again.
struct LockedSnapshot {
    let identifier: String
    let takenAt: Timestamp
    let walPosition: String?

    /// Tables locked in one statement.
    private static let batch = 100
    private static let attempts = 10

    /// Leaves `connection` in the transaction that holds the locks and the snapshot.
    static func take(_ connection: Connection, limits: ReadLimits) throws -> LockedSnapshot {
        for _ in 0..<attempts {
            let tables = try ReadOnlyTransaction.run(on: connection) {
                try limits.apply(to: connection)
                return try list(connection)
            }
            try begin(connection, limits)
            if try lock(tables, connection, limits) {
                let snapshot = try export(connection)
                if Set(try list(connection)).isSubset(of: tables) { return snapshot }
            }
            try connection.execute("ROLLBACK")
        }
        throw Obstacle(
            .lockTimeout, "tables are made or dropped faster than they can be locked",
            hint: "Dump when no migration runs.")
    }

    /// No statement here may take the snapshot: SET and LOCK don't, any SELECT would.
    private static func begin(_ connection: Connection, _ limits: ReadLimits) throws {
        var statements = [
            ReadOnlyTransaction.begin, "SET LOCAL lock_timeout = \(limits.lock.components.seconds * 1000)",
            // This session waits without a word while pg_dump works.
            "SET LOCAL idle_in_transaction_session_timeout = 0", "SET LOCAL statement_timeout = 0",
        ]
        if connection.serverMajor >= 17 { statements.append("SET LOCAL transaction_timeout = 0") }
        try connection.execute(statements.joined(separator: "; "))
    }

    /// - Returns: `false` when one of the tables was dropped meanwhile.
    private static func lock(_ tables: Set<TableName>, _ connection: Connection, _ limits: ReadLimits) throws -> Bool {
        let names = tables.sorted()
        for start in stride(from: 0, to: names.count, by: batch) {
            let part = names[start..<min(start + batch, names.count)].map { "ONLY \($0.quoted)" }
            do {
                try connection.execute("LOCK TABLE \(part.joined(separator: ", ")) IN ACCESS SHARE MODE")
            } catch let error as PostgreSQLError {
                switch error.sqlstate {
                // undefined_table, invalid_schema_name, wrong_object_type: dropped, or made again as something else.
                case "42P01", "3F000", "42809": return false
                case "53200":
                    throw Obstacle(
                        .outOfMemory, "the server can't hold \(names.count) locks: \(error.message)",
                        hint: "Raise max_locks_per_transaction on the server.", cause: error)
                default: throw error.readingObstacle("the tables", target: connection.parameters.target)
                }
            }
        }
        return true
    }

    private static func list(_ connection: Connection) throws -> Set<TableName> {
        let result = try connection.reading(
            "the catalog",
            """
            SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND \(CatalogQuery.ofUserSchema)
                AND \(CatalogQuery.notOfExtension("pg_class", "c.oid"))
            """)
        return Set(
            result.rows.compactMap { row in
                result.text(row, 0).flatMap { schema in
                    result.text(row, 1).map { TableName(schema: schema, name: $0) }
                }
            })
    }

    /// The statement's start is the latest moment before its snapshot: nothing that the snapshot lacks was committed
    /// before it.
    private static func export(_ connection: Connection) throws -> LockedSnapshot {
        let result = try connection.reading(
            "the snapshot",
            """
            SELECT pg_catalog.pg_export_snapshot(), (extract(epoch FROM statement_timestamp()) * 1000000)::bigint,
                CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                    ELSE pg_catalog.pg_current_wal_lsn() END
            """)
        guard let identifier = result.text(0, 0), let time = result.integer(0, 1) else {
            throw Obstacle(.internalError, "the server exported no snapshot")
        }
        return LockedSnapshot(
            identifier: identifier, takenAt: Timestamp(microseconds: time), walPosition: result.text(0, 2))
    }
}
