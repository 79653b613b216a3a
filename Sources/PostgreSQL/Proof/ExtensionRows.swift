package import Backups

/// Rows that `CREATE EXTENSION` itself puts into the tables of extensions.
///
/// A dump holds of such a table only what the extension's condition lets through (`pg_extension_config_dump`), and the
/// extension's script fills in the rest at the restore: PostGIS's `spatial_ref_sys`. How much that is, is found out in a
/// new database of the same server with the same extensions in the same versions.
package struct ExtensionRows: Sendable {
    /// What is not known here: the extension could not be created a second time.
    package private(set) var unknown: Set<TableName> = []
    package private(set) var filled: [TableName: UInt64] = [:]

    private static let database = "restorable_extensions"

    private struct Extension {
        let name: String
        let version: String
        let schema: String
    }

    /// - Parameters:
    ///   - restored: an open session in the restored database.
    ///   - dumped: tables that the dump has rows of.
    ///   - connect: opens a session in another database of that server, which is a throw-away one.
    /// - Throws: ``Obstacle`` when the catalog can't be read.
    package static func read(
        _ restored: Connection, dumped: Set<TableName>, connect: (_ database: String) throws -> Connection
    ) throws -> ExtensionRows {
        let tables = try CountedTable.list(restored).filter { $0.isOfExtension && dumped.contains($0.name) }.map(\.name)
        var rows = ExtensionRows()
        guard !tables.isEmpty else { return rows }
        rows.unknown = Set(tables)
        let extensions = try list(restored)
        let maintenance = try connect(NativeLoader.maintenance)
        do {
            try maintenance.execute("DROP DATABASE IF EXISTS \(database)")
            try maintenance.execute("CREATE DATABASE \(database) TEMPLATE template0")
        } catch is PostgreSQLError {
            // All stay unknown, and the caller says so.
            return rows
        }
        // The database goes with its server. Where scratch is kept, it shows what was compared with.
        rows.filled = try count(tables, of: extensions, on: try connect(database))
        rows.unknown.subtract(rows.filled.keys)
        return rows
    }

    private static func list(_ connection: Connection) throws -> [Extension] {
        let result = try connection.reading(
            "the extensions",
            """
            SELECT e.extname, e.extversion, n.nspname FROM pg_catalog.pg_extension e
            JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql' ORDER BY e.oid
            """)
        return result.rows.compactMap { row in
            guard let name = result.text(row, 0), let version = result.text(row, 1), let schema = result.text(row, 2)
            else { return nil }
            return Extension(name: name, version: version, schema: schema)
        }
    }

    private static func count(
        _ tables: [TableName], of extensions: [Extension], on connection: Connection
    ) throws -> [TableName: UInt64] {
        for one in extensions {
            let schema = SQLIdentifier.quoted(one.schema)
            do {
                try connection.execute(
                    """
                    CREATE SCHEMA IF NOT EXISTS \(schema);
                    CREATE EXTENSION IF NOT EXISTS \(SQLIdentifier.quoted(one.name)) SCHEMA \(schema)
                        VERSION \(SQLIdentifier.quoted(one.version)) CASCADE
                    """)
            } catch is PostgreSQLError {
                // Its tables are not there then, and stay unknown.
                continue
            }
        }
        let present = Set(try CountedTable.list(connection).map(\.name))
        var filled: [TableName: UInt64] = [:]
        for table in tables where present.contains(table) {
            filled[table] = try TableTally.read(table, connection, checksum: nil).rows
        }
        return filled
    }
}
