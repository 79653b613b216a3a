import Backups

/// What a manifest says of the server and the database.
struct ServerFacts {
    let database: String?
    let manifest: Manifest.Server

    static func read(_ connection: Connection) throws -> ServerFacts {
        let result = try connection.reading(
            "the catalog",
            """
            SELECT d.datname, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype
            FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
            """)
        return ServerFacts(
            database: result.scalar,
            manifest: Manifest.Server(
                version: connection.parameterStatus("server_version"), encoding: result.text(0, 1),
                collation: result.text(0, 2), characterType: result.text(0, 3)))
    }
}
