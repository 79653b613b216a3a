import Backups

/// Tables with many pages that the visibility map does not call seen by everybody: an index-only scan looks up each of their rows in the
/// table, one by one and in the order of the index (PostgreSQL 18 documentation, "11.9. Index-Only Scans and Covering Indexes").
enum UnseenTables {
    /// Of so many pages the cache has most once the table was read: 781 MiB.
    static let usual: Int64 = 100_000
    /// Rows that lie in a page, for tables whose pages nobody has counted yet.
    private static let rowsOfPage: UInt64 = 100

    /// - Parameters:
    ///   - pages: such tables have more of them, as VACUUM or ANALYZE counted last. Asking the server for their size would wait for
    ///     the locks of prepared transactions.
    ///   - rows: of tables, as they were counted.
    static func read(
        _ connection: Connection, moreThan pages: Int64 = usual, rows: [TableName: UInt64]
    ) throws -> Set<TableName> {
        let result = try connection.reading(
            "the catalog",
            """
            SELECT n.nspname, c.relname, c.relpages FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence <> 't'
                AND (c.relpages = 0 OR c.relpages - c.relallvisible > \(pages))
            """)
        return Set(
            result.rows.compactMap { row in
                guard let schema = result.text(row, 0), let name = result.text(row, 1) else { return nil }
                let table = TableName(schema: schema, name: name)
                let isCounted = result.integer(row, 2) ?? 0 > 0
                return isCounted || rows[table] ?? 0 > UInt64(pages) * rowsOfPage ? table : nil
            })
    }
}
