import Glibc
import TestSupport
import Testing

/// A copy of production carries all that production does to the outside: none of it is done by the copy.
@Suite struct DrillSilenceTests {
    /// Production's ways to reach out, each of which would leave a mark.
    private static func prepare(_ mark: String, subscribe conninfo: String) -> String {
        """
        CREATE PUBLICATION everything FOR ALL TABLES;
        SELECT pg_create_logical_replication_slot('kept', 'pgoutput');
        CREATE SUBSCRIPTION upstream CONNECTION '\(conninfo)' PUBLICATION everything
            WITH (connect = false, slot_name = 'drilled');
        ALTER SUBSCRIPTION upstream ENABLE;
        CREATE FUNCTION leave_mark() RETURNS event_trigger LANGUAGE plpgsql AS $$
            BEGIN COPY (SELECT 1) TO PROGRAM 'touch \(mark)/event-trigger'; END $$;
        CREATE EVENT TRIGGER nosy ON ddl_command_end EXECUTE FUNCTION leave_mark();
        ALTER EVENT TRIGGER nosy DISABLE;
        """
    }

    @Test(arguments: [15, 18]) func nothingThatProductionDoesIsDoneByItsCopy(major: Int) throws {
        let marks = try TemporaryDirectory()
        chmod(marks.path, 0o777)
        let upstream = try TestServer.shared(major: major)
        let production = try ArchivedProduction(
            major: major, settings: ["wal_level": "logical"],
            prepare: Self.prepare(
                marks.path, subscribe: "\(upstream.conninfo().filter { $0 != "'" }) application_name=drilled"))
        // As people set them, and as they lie in the base backup then.
        for (name, value) in [
            ("archive_command", "touch \(marks.path)/archive_command"),
            ("archive_cleanup_command", "touch \(marks.path)/archive_cleanup_command"),
            ("recovery_end_command", "touch \(marks.path)/recovery_end_command"),
            ("restore_command", "touch \(marks.path)/restore_command; false"),
            ("primary_conninfo", "\(upstream.conninfo()) application_name=drilled".filter { $0 != "'" }),
            ("session_preload_libraries", "no_such_library"), ("listen_addresses", "*"),
            // As pg_cron is; and what a standby of production has.
            ("shared_preload_libraries", "no_such_library"), ("local_preload_libraries", "no_such_library"),
            ("primary_slot_name", "drilled"),
            ("recovery_target_action", "shutdown"), ("recovery_target_name", "never"),
        ] {
            try production.shop.run("ALTER SYSTEM SET \(name) = '\(value)'")
        }
        try production.server.baseBackup([], to: production.directory.file("second"))
        try production.shop.run(
            "ALTER EVENT TRIGGER nosy ENABLE ALWAYS; ALTER DATABASE shop SET session_preload_libraries = 'no_such_library'"
        )
        try production.server.archiveAll()
        // Production does subscribe, in vain; and is gone before its copy is made.
        for _ in 0..<3000 {
            if try upstream.logText().contains("drilled") { break }
            usleep(10_000)
        }
        production.server.server.stop()
        let log = try upstream.logText()
        #expect(log.contains("drilled"))
        let drill = try production.drill(
            ["--query", "SELECT count(*) = 3 FROM orders", "--json"], base: production.directory.file("second"))
        #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
        #expect(try TestFile.names(in: marks.path) == [])
        #expect(try upstream.logText().dropFirst(log.count).contains("drilled") == false)
        #expect(try production.leftovers() == [])
    }

    /// `pg_amcheck` makes its extension in the templates of users, too.
    @Test func whatATemplateOfUsersRefusesIsNotAsked() throws {
        let production = try ArchivedProduction()
        let house = try production.server.server.createDatabase(named: "house")
        try house.run(
            """
            CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'nothing is made here'; END $$;
            CREATE EVENT TRIGGER strict ON ddl_command_start EXECUTE FUNCTION refuse();
            ALTER EVENT TRIGGER strict ENABLE ALWAYS;
            """)
        #expect(throws: (any Error).self) { try house.run("CREATE TABLE x (id int)") }
        try production.shop.run("ALTER DATABASE house IS_TEMPLATE true")
        try production.server.archiveAll()
        let drill = try production.drill(["--json"])
        #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains("pg_amcheck found every table and B-tree index in order"))
        #expect(drill.outputText.contains("house, which is a template"))
    }

    /// What a view, an index expression or a question may do: it stays within the copy.
    @Test func nobodyIsReachedFromTheCopy() throws {
        let marks = try TemporaryDirectory()
        chmod(marks.path, 0o777)
        let upstream = try TestServer.shared()
        let production = try ArchivedProduction(
            prepare: """
                CREATE EXTENSION postgres_fdw;
                CREATE EXTENSION dblink;
                CREATE SERVER upstream FOREIGN DATA WRAPPER postgres_fdw
                    OPTIONS (host '\(upstream.socketDirectory)', dbname 'postgres');
                CREATE USER MAPPING FOR PUBLIC SERVER upstream OPTIONS (user '\(TestServer.superuser)');
                CREATE FOREIGN TABLE abroad (datname name) SERVER upstream
                    OPTIONS (schema_name 'pg_catalog', table_name 'pg_database');
                CREATE FUNCTION call() RETURNS boolean LANGUAGE sql AS $$
                    SELECT count(*) > 0 FROM dblink('\(upstream.conninfo().filter { $0 != "'" })', 'SELECT 1') AS d (x int) $$;
                CREATE FUNCTION run() RETURNS boolean LANGUAGE plpgsql AS $$
                    BEGIN COPY (SELECT 1) TO PROGRAM 'touch \(marks.path)/program'; RETURN true; END $$;
                """)
        let ways = ["SELECT count(*) > 0 FROM abroad", "SELECT call()", "SELECT run()"]
        for way in ways { #expect(try production.shop.query(way) == "t") }
        #expect(try TestFile.names(in: marks.path) == ["program"])
        unlink(marks.file("program"))
        try production.server.archiveAll()
        let drill = try production.drill(["--json"] + ways.flatMap { ["--query", $0] })
        #expect(drill.status == 2, "\(drill.outputText)\(drill.errorText)")
        for number in 1...3 {
            #expect(
                drill.outputText.contains(#""name":"query:\#(number)","verdict":"inconclusive","reason":"query-error""#)
            )
        }
        #expect(try TestFile.names(in: marks.path) == [])
    }

    /// Whoever is killed in the middle leaves nothing that `gc` does not know.
    ///
    /// Exit status 2 when the moment was not seen, 3 when the drill was not killed in it, 4 when something is left.
    @Test(arguments: ["data", "wal", "s/.s.PGSQL.5432"]) func aDrillThatIsKilledLeavesNothing(moment: String) throws {
        let production = try ArchivedProduction()
        try production.server.archiveAll()
        #expect(try production.drill(["--query", "SELECT count(*) = 3 FROM orders"]).status == 0)
        // The query would keep it for ever: it does not end before it is killed.
        try Tool.shell(
            """
            "$1" drill --base "$2" --wal "$3" --scratch-directory "$4" --query "SELECT true FROM pg_sleep(86400)" \
                >/dev/null 2>&1 & run=$!
            seen=
            while kill -0 $run 2>/dev/null; do
                ls "$4"/scratch-*/"$5" >/dev/null 2>&1 && { seen=1; break; }
            done
            [ "$seen" ] || exit 2
            kill -KILL $run
            wait $run
            [ $? = 137 ] || exit 3
            for try in $(seq 3000); do
                ls -d "$4"/scratch-* >/dev/null 2>&1 || exit 0
                sleep 0.01
            done
            ls -R "$4" >&2
            exit 4
            """, [Restorable.path, production.base, production.server.archive, production.scratch, moment])
    }
}
