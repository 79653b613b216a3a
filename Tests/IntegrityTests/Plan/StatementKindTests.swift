import Backups
import Integrity
import Testing

@Suite struct StatementKindTests {
    static let t = TableName(schema: "public", name: "t")
    static let u = TableName(schema: "app", name: "U \"x\"")

    static let statements: [(String, StatementKind)] = [
        ("CREATE TABLE public.t (a int)", .createTable(t, partitionOf: nil, inherits: [], isForeign: false)),
        ("CREATE UNLOGGED TABLE t (a int)", .createTable(t, partitionOf: nil, inherits: [], isForeign: false)),
        ("CREATE TABLE IF NOT EXISTS T ()", .createTable(t, partitionOf: nil, inherits: [], isForeign: false)),
        (
            #"CREATE FOREIGN TABLE app."U ""x""" (a int) SERVER s"#,
            .createTable(u, partitionOf: nil, inherits: [], isForeign: true)
        ),
        (
            #"CREATE TABLE t PARTITION OF app."U ""x""" FOR VALUES IN (1)"#,
            .createTable(t, partitionOf: u, inherits: [], isForeign: false)
        ),
        (
            #"CREATE TABLE app.U&"U \0022x\+000022" (a int CHECK (a > 0)) INHERITS (public.t, other)"#,
            .createTable(
                u, partitionOf: nil, inherits: [t, TableName(schema: "public", name: "other")], isForeign: false)
        ),
        (
            "ALTER TABLE ONLY public.t ATTACH PARTITION app.c DEFAULT",
            .attachPartition(parent: t, child: TableName(schema: "app", name: "c"))
        ),
        ("CREATE UNIQUE INDEX \"I x\" ON ONLY public.t USING btree (a)", .createIndex(t, index: "I x")),
        ("CREATE INDEX ON t (a)", .createIndex(t, index: nil)),
        ("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", .createIndex(t, index: "i")),
        ("ALTER TABLE ONLY public.t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (id)", .addConstraint(t, name: "t_pkey")),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", .addConstraint(t, name: "c")),
        ("ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (r WITH &&)", .addConstraint(t, name: "e")),
        (
            #"ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES app."U ""x"""(id) DEFERRABLE"#,
            .addForeignKey(t, references: u)
        ),
        ("CREATE TRIGGER x AFTER INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION f()", .alterTable(t)),
        ("CREATE CONSTRAINT TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", .alterTable(t)),
        ("CREATE POLICY p ON public.t FOR SELECT TO alice USING (true)", .alterTable(t)),
        ("CREATE POLICY p ON public.t USING ((a IN ( SELECT b FROM o)))", .barrier),
        ("ALTER TABLE public.t ENABLE ROW LEVEL SECURITY", .alterTable(t)),
        ("ALTER TABLE ONLY public.t REPLICA IDENTITY USING INDEX i", .alterTable(t)),
        ("ALTER TABLE public.t CLUSTER ON i", .alterTable(t)),
        ("ALTER TABLE public.t DISABLE TRIGGER ALL", .alterTable(t)),
        ("ALTER TABLE public.t INHERIT app.p", .barrier),
        ("ALTER TABLE public.t OWNER TO alice", .alterTable(t)),
        ("CREATE STATISTICS s ON a, b FROM public.t", .alterTable(t)),
        ("CREATE RULE r AS ON INSERT TO t DO ALSO NOTHING", .barrier),
        ("COMMENT ON TABLE t IS 'x'", .comment),
        ("SECURITY LABEL FOR p ON TABLE t IS 'x'", .comment),
        ("REFRESH MATERIALIZED VIEW v", .barrier),
        ("CREATE DATABASE \"Shop 1\" WITH TEMPLATE = template0", .createDatabase("Shop 1")),
        ("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public", .createExtension("uuid-ossp")),
        ("CREATE ROLE \"Bob\"", .createRole("Bob")),
        ("/* c */ CREATE /* ON x */ INDEX i -- ON y\n ON t (a)", .createIndex(t, index: "i")),
        ("ALTER INDEX a ATTACH PARTITION b", .barrier),
        ("SELECT pg_catalog.setval('s', 1)", .barrier),
    ]

    @Test(arguments: 0..<statements.count)
    func classifies(index: Int) throws {
        let (text, kind) = Self.statements[index]
        let plan = try scan("\(text);\n").plan
        #expect(plan.entries.map(\.kind) == [.statement(kind)])
        let kept = text.hasPrefix("/*") ? String(text.dropFirst("/* c */ ".count)) : text
        #expect(plan.entries.first?.text == Array(kept.utf8))
    }

    @Test func knowsTheTablesOfIndexes() throws {
        let plan = try scan(
            """
            CREATE INDEX p_i ON ONLY app.p USING btree (a);
            ALTER TABLE ONLY app.c ADD CONSTRAINT c_i PRIMARY KEY (a);
            ALTER INDEX app.p_i ATTACH PARTITION app.c_i;
            """
        ).plan
        let (parent, child) = (TableName(schema: "app", name: "p"), TableName(schema: "app", name: "c"))
        #expect(plan.entries.last?.kind == .statement(.attachIndex(parent: parent, child: child)))
    }

    @Test(arguments: [
        (#"ALTER FUNCTION f(a integer) OWNER TO "Bob ""X""""#, ["Bob \"X\""]),
        (
            "GRANT SELECT,INSERT(a) ON TABLE t TO alice, \"B\" WITH GRANT OPTION GRANTED BY carol",
            ["B", "alice", "carol"]
        ),
        ("GRANT admin TO alice", ["admin", "alice"]),
        ("GRANT ALL ON SCHEMA s TO PUBLIC", []),
        ("REVOKE ALL ON FUNCTION f(to_x text) FROM alice", ["alice"]),
        ("REVOKE admin FROM alice", ["admin", "alice"]),
        ("CREATE POLICY p ON t FOR SELECT TO alice, bob USING (to_char(x) = y)", ["alice", "bob"]),
        ("ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA s REVOKE ALL ON TABLES FROM b", ["a", "b"]),
        ("ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b", ["a", "b"]),
        ("CREATE SCHEMA s AUTHORIZATION alice", ["alice"]),
        ("SET SESSION AUTHORIZATION 'alice'", ["alice"]),
        ("SET SESSION AUTHORIZATION DEFAULT", []),
        ("CREATE USER MAPPING FOR alice SERVER s", ["alice"]),
        ("ALTER ROLE alice IN DATABASE d SET x = 1", ["alice"]),
        ("COMMENT ON ROLE alice IS 'x'", ["alice"]),
    ])
    func namesRoles(text: String, roles: [String]) throws {
        #expect(try scan("\(text);").contents.roles.sorted() == roles)
    }

    @Test func keepsWhatIsInForce() throws {
        let plan = try scan(
            """
            SET a.b = 1;
            SET search_path = app, pg_catalog;
            CREATE TABLE x ();
            SET SEARCH_PATH TO '';
            CREATE TABLE y ();
            SET SESSION AUTHORIZATION 'z';
            RESET a.b;
            SET search_path = app, pg_catalog;
            CREATE TABLE z ();
            \\connect "other db"
            CREATE TABLE w ();
            """
        ).plan
        let settings = plan.entries.compactMap { entry -> [String]? in
            guard case .statement = entry.kind else { return nil }
            return plan.contexts[entry.context].statements.map { String(decoding: $0.statement, as: UTF8.self) }
        }
        #expect(
            settings == [
                ["SET a.b = 1", "SET search_path = app, pg_catalog"],
                ["SET a.b = 1", "SET SEARCH_PATH TO ''"],
                ["RESET a.b", "SET search_path = app, pg_catalog", "SET SESSION AUTHORIZATION 'z'"],
                [],
            ])
        let tables = plan.entries.compactMap { entry -> String? in
            guard case .statement(.createTable(let table, _, _, _)) = entry.kind else { return nil }
            return table.description
        }
        #expect(tables == ["app.x", "public.y", "app.z", "public.w"])
        #expect(!plan.needsOneSession)
    }

    @Test(arguments: [
        "BEGIN;\nCREATE TABLE t ();\nCOMMIT;", "SET LOCAL x = 1;", "CREATE TEMP TABLE t ();", "PREPARE x AS SELECT 1;",
        "BEGIN;\nINSERT INTO t VALUES (1);\nCOMMIT;", "SELECT set_config('x', '1', true);",
    ])
    func saysWhatNeedsOneSession(text: String) throws {
        #expect(try scan(text).plan.needsOneSession)
    }

    @Test func keepsLargeObjectsTogether() throws {
        let text = """
            BEGIN;
            SELECT pg_catalog.lo_open('1', 131072);
            SELECT pg_catalog.lowrite(0, '\\x00');
            SELECT pg_catalog.lo_close(0);
            COMMIT;
            SELECT 1;
            """
        let plan = try scan(text).plan
        #expect(!plan.needsOneSession)
        #expect(plan.entries.map(\.kind) == [.bulk(BulkRun(statements: 5)), .statement(.barrier)])
        #expect(plan.entries.first?.length == UInt64(text.utf8.count - "\nSELECT 1;".utf8.count))
    }

    @Test(arguments: [
        ("\\connect shop", "shop"), ("\\c shop", "shop"), ("\\connect \"we ird\"", "we ird"),
        ("\\connect -reuse-previous=on \"dbname='we \"\"ird \\'x\\\\'\"", "we \"ird 'x\\"),
        ("\\connect shop alice", "shop"),
    ])
    func readsDatabaseNames(line: String, name: String) throws {
        #expect(try scan("\(line)\n").plan.entries.map(\.kind) == [.connect(database: name)])
    }

    /// They lead to another server than the one that is restored into.
    @Test(arguments: [
        "shop alice db.example 5432", "\"host=db.example dbname=shop\"", "postgresql://db.example/shop", "-",
        "-reuse-previous=on \"dbname='shop' host=db.example\"", "-reuse-previous=on \"dbname=shop host=db.example\"",
    ])
    func connectionsToElsewhereAreRefused(arguments: String) throws {
        #expect(try scan("\\connect \(arguments)\n").plan.entries.map(\.kind) == [.refused(command: "connect")])
    }

    /// psql refuses it there; pg_dump -C lifts the restriction for it.
    @Test func connectsOnlyWhereNothingIsRestricted() throws {
        let text = "\\restrict k\n\\connect one\n\\unrestrict k\n\\connect two\n"
        #expect(
            try scan(text).plan.entries.map(\.kind) == [
                .restriction, .refused(command: "connect"), .restriction, .connect(database: "two"),
            ])
    }

    @Test(arguments: ["!", "copy", "i", "o", "gexec", "set", "include", "lo_import", "connect"])
    func refusesCommands(name: String) throws {
        let plan = try scan("SELECT 1;\n\\\(name)\nSELECT 2;").plan
        #expect(plan.entries.map(\.kind) == [.statement(.barrier), .refused(command: name), .statement(.barrier)])
        #expect(plan.entries[1].text == Array("\\\(name)".utf8))
    }

    @Test func refusesACommandInsideAStatement() throws {
        let plan = try scan("SELECT 1 \\g /etc/x\nSELECT 2;").plan
        #expect(plan.entries.map(\.kind) == [.refused(command: "g"), .statement(.barrier)])
    }
}
