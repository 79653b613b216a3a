/// A database with every kind of object that PostgreSQL can dump, and rows that are hard to read back.
///
/// The same on each machine and each run: no clock, no chance. Security labels are the one kind that only a server with a
/// provider takes: see ``labels``.
package enum KitchenSink {
    /// Roles that the objects' owners and grants name. They belong to the server and not to the database, so that a dump
    /// of the database does not make them.
    package static let roles = ["sink_owner", "sink_reader", "Sink \"Ünïcode\" Role"]

    /// Rows of each table, as `schema.table` (quoted where needed): what a restore must bring back.
    package static func rowCounts(in database: TestDatabase) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        let names = try database.query(
            """
            SELECT quote_ident(nspname) || '.' || quote_ident(relname)
            FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relkind = 'r' AND nspname LIKE 'sink%' AND strpos(relname, E'\\n') = 0 ORDER BY 1
            """)
        for name in names.split(separator: "\n").map(String.init) {
            counts[name] = Int(try database.query("SELECT count(*) FROM ONLY \(name)"))
        }
        return counts
    }

    /// The SQL for a server of this major version, apart from ``rolesSQL``.
    package static func sql(major: Int) -> String {
        var parts = [
            "SET client_min_messages = warning;", schemas, types, functions, tables, partitions, constraints, rows,
            hardRows, views, behaviour, textSearch, outside, privileges,
        ]
        if major >= 18 { parts.append(sinceEighteen) }
        parts.append(last)
        return parts.joined(separator: "\n")
    }

    /// Makes ``roles`` where they are missing.
    package static let rolesSQL = #"""
        DO $do$ BEGIN
            CREATE ROLE sink_owner NOLOGIN;
            CREATE ROLE sink_reader NOLOGIN CONNECTION LIMIT 7;
            CREATE ROLE "Sink ""Ünïcode"" Role" NOLOGIN;
            GRANT sink_reader TO sink_owner WITH ADMIN OPTION;
            ALTER ROLE sink_reader SET statement_timeout = '5s';
            COMMENT ON ROLE sink_owner IS 'owns the sink';
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $do$;
        """#

    /// Makes the roles on the server and everything else in `database`.
    package static func install(in database: TestDatabase) throws {
        try database.server.maintenance.run(rolesSQL)
        try database.run(sql(major: database.server.installation.major))
    }

    /// A new database on `server` with everything in it.
    package static func database(on server: TestServer) throws -> TestDatabase {
        let database = try server.createDatabase()
        try install(in: database)
        return database
    }
}
