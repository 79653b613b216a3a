internal import Backups

/// A table that has rows of its own: plain, or the leaf of a partitioned one.
struct CountedTable: Sendable {
    let name: TableName
    /// The topmost partitioned table that it is part of.
    let root: TableName?
    /// `relpages`: the larger first, so that no connection ends with the largest alone.
    let pages: Int64
    let isOfExtension: Bool
    /// A B-tree of it holds every row, and may be used.
    let hasWholeIndex: Bool

    /// Every table of the database that pg_dump may dump rows of, the largest first. Temporary and foreign tables have
    /// no rows in a dump; a partitioned table has none of its own. Or every system catalog.
    static func list(_ connection: Connection, _ scope: RowCountingScope = .users) throws -> [CountedTable] {
        let result = try connection.reading(
            "the catalog",
            """
            WITH RECURSIVE family(leaf, ancestor) AS (
                SELECT c.oid, i.inhparent FROM pg_catalog.pg_class c
                    JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid WHERE c.relispartition AND c.relkind = 'r'
                UNION ALL
                SELECT f.leaf, i.inhparent FROM family f JOIN pg_catalog.pg_inherits i ON i.inhrelid = f.ancestor
                    JOIN pg_catalog.pg_class a ON a.oid = f.ancestor AND a.relispartition)
            SELECT n.nspname, c.relname, rn.nspname, r.relname, c.relpages,
                NOT \(CatalogQuery.notOfExtension("pg_class", "c.oid")),
                EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
                    JOIN pg_catalog.pg_am am ON am.oid = ic.relam AND am.amname = 'btree'
                    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indisready AND i.indislive AND NOT i.indcheckxmin
                        AND i.indpred IS NULL)
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN family f ON f.leaf = c.oid
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_class a WHERE a.oid = f.ancestor AND a.relispartition)
            LEFT JOIN pg_catalog.pg_class r ON r.oid = f.ancestor
            LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence <> 't'
                AND \(scope == .catalog ? "n.nspname = 'pg_catalog'" : CatalogQuery.ofUserSchema)
            ORDER BY c.relpages DESC, n.nspname COLLATE "C", c.relname COLLATE "C"
            """)
        return result.rows.compactMap { row in
            guard let schema = result.text(row, 0), let name = result.text(row, 1) else { return nil }
            let root = result.text(row, 2).flatMap { schema in
                result.text(row, 3).map { TableName(schema: schema, name: $0) }
            }
            return CountedTable(
                name: TableName(schema: schema, name: name), root: root, pages: result.integer(row, 4) ?? 0,
                isOfExtension: result.boolean(row, 5) ?? false, hasWholeIndex: result.boolean(row, 6) ?? false)
        }
    }
}
