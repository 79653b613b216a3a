import Backups

/// A checksum of all rows of a table, whatever their order, computed by the server. Decision record 0062.
///
/// Of each row: SHA-256 of `ROW(columns in the order of their names)::text`, whose quoting tells NULL from '' and one
/// column from the next; of bytea columns their own SHA-256 stands there. The four 64-bit quarters of all rows' digests
/// are summed as whole numbers (never XORed: equal rows would cancel). Generated columns are not in a dump, and not here.
enum TableChecksum {
    /// The encoding in which the text is hashed: UTF-8, whatever the database's own, so that a database restored into
    /// another encoding is equal; the bytes as they are in a database that knows no encoding.
    static func encoding(of connection: Connection) throws -> String {
        let name = try connection.reading("the catalog", "SELECT pg_catalog.getdatabaseencoding()").scalar
        return name == "SQL_ASCII" ? "SQL_ASCII" : "UTF8"
    }

    /// A statement with one row: the number of rows, and the checksum as text.
    static func statement(for table: TableName, _ connection: Connection, encoding: String) throws -> String {
        guard connection.serverMajor >= 11 else {
            throw Obstacle(
                .versionDifference, "PostgreSQL \(connection.serverMajor) has no sha256()",
                hint: "Checksums need PostgreSQL 11 or later; make the backup without --checksums.")
        }
        let columns = try columns(of: table, connection).joined(separator: ", ")
        let lanes = (0..<4).map { "('x' || substr(h, \($0 * 16 + 1), 16))::bit(64)::bigint" }
        let sums = lanes.map { "coalesce(sum(\($0)), 0)" }.joined(separator: " || ':' || ")
        return """
            SELECT count(*), \(sums) FROM (SELECT encode(sha256(convert_to(ROW(\(columns))::text, '\(encoding)')), 'hex') AS h
                FROM ONLY \(table.quoted) OFFSET 0) AS rows
            """
    }

    private static func columns(of table: TableName, _ connection: Connection) throws -> [String] {
        let generated = connection.serverMajor >= 12 ? "AND a.attgenerated = ''" : ""
        let result: QueryResult
        do {
            result = try connection.query(
                """
                SELECT a.attname, a.atttypid = 'pg_catalog.bytea'::regtype FROM pg_catalog.pg_attribute a
                JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped \(generated)
                ORDER BY a.attname COLLATE "C"
                """, [table.schema, table.name])
        } catch let error as PostgreSQLError {
            throw error.readingObstacle("the catalog", target: connection.parameters.target)
        }
        return result.rows.compactMap { row in
            result.text(row, 0).map { name in
                let column = SQLIdentifier.quoted(name)
                return result.boolean(row, 1) == true ? "sha256(\(column))" : column
            }
        }
    }
}
