package import Backups

/// Relations that transactions hold which were prepared in production, and not decided on: they come back with the copy, and
/// nobody reads what they have locked exclusively, however long he waits (PostgreSQL 18 documentation, "PREPARE TRANSACTION",
/// "Notes").
package struct PreparedLocks: Sendable, Equatable {
    package struct Lock: Sendable, Equatable {
        /// What is locked: a table, an index, or a table of long values; with its database.
        package let relation: TableName
        /// The table whose rows can't be read for that.
        package let table: TableName
        /// The name that it was prepared with, and when, in the server's words.
        package let transaction: String
        package let preparedAt: String
    }

    package private(set) var locks: [Lock]

    package init(_ locks: [Lock] = []) {
        self.locks = locks
    }

    /// Whose rows can't be read. Tables of long values are another table's, which is locked too.
    package var tables: Set<TableName> { Set(locks.map(\.table).filter { $0.schema != "pg_toast" }) }

    package mutating func add(_ others: PreparedLocks) { locks += others.locks }

    /// Those of the database that `connection` leads to.
    /// - Parameter database: its name.
    /// - Throws: ``Obstacle`` when they can't be read.
    package static func read(_ connection: Connection, database: String) throws -> PreparedLocks {
        // A prepared transaction has no process; how its locks and its name belong together is said in "53.13. pg_locks".
        // Only this mode keeps readers out. The planner opens the indexes of a table, too.
        let result = try connection.reading(
            "the locks of prepared transactions",
            """
            SELECT n.nspname, c.relname, coalesce(tn.nspname, n.nspname), coalesce(t.relname, c.relname), p.gid, p.prepared
            FROM pg_catalog.pg_locks l
            JOIN pg_catalog.pg_prepared_xacts p ON l.virtualtransaction = '-1/' || p.transaction::text
            JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
            JOIN pg_catalog.pg_class c ON c.oid = l.relation
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
            LEFT JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
            LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
            WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.granted
            ORDER BY 1, 2
            """)
        return PreparedLocks(
            result.rows.compactMap { row in
                let texts = (0..<6).compactMap { result.text(row, $0) }
                guard texts.count == 6 else { return nil }
                return Lock(
                    relation: TableName(database: database, schema: texts[0], name: texts[1]),
                    table: TableName(database: database, schema: texts[2], name: texts[3]), transaction: texts[4],
                    preparedAt: texts[5])
            })
    }

    /// What is to be told of them; `nil` when there are none.
    package func check() -> Check? {
        let tables = tables.sorted()
        guard let table = tables.first, let first = locks.first(where: { $0.table == table }) else { return nil }
        let others = tables.count > 1 ? " and \(Quantity.count(UInt64(tables.count - 1), "other table"))" : ""
        let names = Set(locks.map(\.transaction)).sorted()
        return .inconclusive(
            "locked", in: .rows, .lockTimeout,
            "\(table)\(others) can't be read: a transaction that was prepared in production holds it locked, "
                + "\"\(first.transaction)\" of \(first.preparedAt)",
            hint:
                "It comes back on the bad day, too, and the table with it only after ROLLBACK PREPARED or COMMIT PREPARED: decide "
                + "on it in production (pg_prepared_xacts), then take the next drill.",
            details: names.map { name in
                let held = locks.filter { $0.transaction == name }.map(\.table)
                return "\"\(name)\" holds \(Set(held).sorted().map(\.description).joined(separator: ", "))"
            })
    }
}
