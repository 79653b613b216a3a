import Backups
import Integrity
import TestSupport
import Testing

/// What pg_dump really writes, against what its server really holds.
@Suite(.serialized) struct RealDumpTests {
    static let schema = #"""
        CREATE SCHEMA app;
        CREATE SCHEMA "we ird";
        CREATE TABLE app.users (id serial PRIMARY KEY, name text UNIQUE, note text);
        INSERT INTO app.users (name, note) SELECT 'n' || i, E'a\\b\n\t\\.' || i FROM generate_series(1, 50) i;
        CREATE TABLE "we ird"."T ""q"" é
        nl" (a int, "b c" text);
        INSERT INTO "we ird"."T ""q"" é
        nl" VALUES (1, E'\\.'), (2, E'x\n\\.\ny'), (3, NULL), (4, 'it''s; ($$');
        CREATE TABLE parted (id int, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
        CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE TABLE parted_b PARTITION OF parted FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
        INSERT INTO parted SELECT i, date '2020-06-01' + i * 10 FROM generate_series(1, 40) i;
        CREATE INDEX ON parted (d);
        CREATE TABLE nothing (a int);
        CREATE TABLE defaults_only (id int GENERATED ALWAYS AS (1) STORED);
        INSERT INTO defaults_only DEFAULT VALUES;
        CREATE UNLOGGED TABLE unlogged (a int);
        INSERT INTO unlogged VALUES (1);
        CREATE TABLE child (extra text) INHERITS (nothing);
        INSERT INTO child VALUES (1, 'a;b');
        CREATE RULE r AS ON INSERT TO nothing DO ALSO (DELETE FROM unlogged; INSERT INTO unlogged VALUES (1));
        CREATE FUNCTION g(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a > 0 THEN 1 ELSE 2 END; SELECT 3; END;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $f$ SELECT 1; -- '
        $f$;
        CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM app.users;
        COMMENT ON TABLE nothing IS E'back\\slash; $$ it''s';
        SELECT lo_from_bytea(0, decode(repeat('deadbeef', 3000), 'hex'));
        SELECT lo_from_bytea(0, '\x');
        """#

    static let options: [[String]] = [
        [], ["--inserts"], ["--column-inserts", "--rows-per-insert=7", "--on-conflict-do-nothing"], ["--data-only"],
        ["--clean", "--if-exists", "--create", "--verbose"], ["--load-via-partition-root"],
        ["--encoding=LATIN1"], ["--use-set-session-authorization"], ["--data-only", "--disable-triggers"],
        ["--no-owner", "--no-comments"],
    ]

    @Test func countsWhatTheServerHolds() throws {
        let database = try TestServer.shared().createDatabase()
        try database.run(Self.schema)
        let directory = try TemporaryDirectory()
        let path = directory.file("dump.sql")
        let tables = try database.query(
            "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace >= 2200 AND relnamespace <> 11 "
                + "AND relnamespace::regnamespace::text NOT IN ('information_schema', 'pg_toast') ORDER BY 1")
        #expect(tables.contains("parted_a"))
        let expected: [String: UInt64] = [
            "app.users": 50, "\"we ird\".\"T \"\"q\"\" é\nnl\"": 4, "public.parted_a": 21, "public.parted_b": 19,
            "public.nothing": 0, "public.defaults_only": 1, "public.unlogged": 1, "public.child": 1,
        ]
        for options in Self.options {
            try database.dump(options, to: path)
            let result = try scan(TestFile.read(path))
            #expect(result.checks.map(\.verdict) == [.verified, .verified])
            var counted = Dictionary(uniqueKeysWithValues: result.contents.rows.map { ($0.key.description, $0.value) })
            if options == ["--load-via-partition-root"] {
                #expect(counted.removeValue(forKey: "public.parted") == 40)
                (counted["public.parted_a"], counted["public.parted_b"]) = (21, 19)
            }
            #expect(counted == expected, "\(options)")
            #expect(result.contents.largeObjects == 2)
            #expect(!result.plan.needsOneSession && result.plan.isRetained)
            #expect(result.contents.header.serverMajor == 15 && result.contents.header.toolMajor == 15)
        }
        try database.dump(["--schema-only"], to: path)
        let bare = try scan(TestFile.read(path)).contents
        #expect(bare.hasSchema && !bare.hasData && bare.totalRows == 0)
        try database.drop()
    }

    @Test func neverAcceptsACutOrCrashesOnAFlippedBit() throws {
        let database = try TestServer.shared().createDatabase()
        try database.run(
            "CREATE TABLE t (a text); INSERT INTO t VALUES ('x'), ('y'), (NULL); CREATE VIEW v AS SELECT ';' AS x")
        let directory = try TemporaryDirectory()
        let bytes = try TestFile.read(database.dump(to: directory.file("dump.sql")))
        try database.drop()
        #expect(try scan(bytes).checks.allSatisfy { $0.verdict == .verified })
        let end = try #require(bytes.lastIndex { $0 != UInt8(ascii: "\n") })
        for cut in 0...end {
            #expect(!isAccepted(bytes[..<cut]), "cut at \(cut) of \(bytes.count)")
        }
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 1 << (index % 8)
            _ = isAccepted(flipped[...])
        }
    }

    @Test func readsAWholeCluster() throws {
        let server = try TestServer()
        try server.maintenance.run("CREATE ROLE \"Bob \"\"X\"\"\"")
        for name in ["plain", "we \"ird 'x\\"] {
            let database = try server.createDatabase(named: name)
            try database.run("CREATE TABLE t AS SELECT generate_series(1, 7) AS a")
        }
        let directory = try TemporaryDirectory()
        let bytes = try TestFile.read(server.dumpAll(to: directory.file("all.sql")))
        let result = try scan(bytes)
        #expect(result.checks.map(\.verdict) == [.verified, .verified])
        #expect(Set(result.contents.databases) == ["template1", "postgres", "plain", "we \"ird 'x\\"])
        #expect(
            result.contents.rows == [
                TableName(database: "plain", schema: "public", name: "t"): 7,
                TableName(database: "we \"ird 'x\\", schema: "public", name: "t"): 7,
            ])
        #expect(result.contents.createdRoles.contains("Bob \"X\""))
        let text = String(decoding: bytes, as: UTF8.self)
        let trailer = "-- PostgreSQL database dump complete\n"
        let pieces = text.components(separatedBy: trailer)
        #expect(pieces.count == 5)
        for dropped in 1..<pieces.count {
            let head = pieces[..<dropped].joined(separator: trailer)
            let damaged = head + pieces[dropped...].joined(separator: trailer)
            #expect(try damage(in: damaged)?.reason == .truncated)
        }
    }

    private func isAccepted(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let result = try? scan(bytes) else { return false }
        return result.checks.allSatisfy { $0.verdict == .verified }
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
