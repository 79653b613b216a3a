import Backups
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// Dumps of more than one database, and from other versions and encodings, into servers of their own.
@Suite(.serialized)
struct WholeServerTests {
    static func production() throws -> TestServer {
        let server = try TestServer()
        try server.maintenance.run(
            """
            CREATE ROLE app LOGIN CREATEDB;
            CREATE ROLE "Röle \"\"q\"\"" NOLOGIN;
            GRANT app TO "Röle \"\"q\"\"";
            ALTER ROLE app SET work_mem = '8MB';
            CREATE TABLE in_postgres (a int);
            INSERT INTO in_postgres VALUES (1), (2);
            """)
        let shop = try server.createDatabase(named: "shop")
        try shop.run(try ShopDatabase(orders: 20).sql())
        try shop.run("ALTER TABLE orders OWNER TO app; GRANT SELECT ON items TO \"Röle \"\"q\"\"\"")
        let odd = try server.createDatabase(named: "odd 'name\"", encoding: "LATIN1")
        try odd.run("CREATE TABLE t (a text); INSERT INTO t VALUES ('Grüße');")
        try odd.run("ALTER DATABASE \"odd 'name\"\"\" SET work_mem = '9MB'")
        return server
    }

    static func text(ofAll server: TestServer) throws -> [Substring] {
        let directory = try TemporaryDirectory()
        let path = try server.dumpAll(to: directory.file("all.sql"))
        return String(decoding: try TestFile.read(path), as: UTF8.self).split(separator: "\n").filter {
            !$0.hasPrefix("\\restrict ") && !$0.hasPrefix("\\unrestrict ")
        }
    }

    @Test(arguments: [[], ["--clean"], ["--clean", "--if-exists"]], [1, 3])
    func restoresACluster(_ arguments: [String], jobs: Int) throws {
        let production = try Self.production()
        let directory = try TemporaryDirectory()
        let path = try production.dumpAll(arguments, to: directory.file("all.sql"))
        let scratch = try TestServer()
        let dump = try LoadSupport.scan(path)
        let outcome = try LoadSupport.load(dump, on: scratch, LoadOptions(jobs: jobs))
        #expect(outcome.findings == [])
        #expect(outcome.createdRoles == [])
        #expect(Set(outcome.databases) == ["template1", "postgres", "shop", "odd 'name\""])
        #expect(outcome.rowsLoaded[TableName(database: "postgres", schema: "public", name: "in_postgres")] == 2)
        #expect(LoadSupport.difference(try Self.text(ofAll: production), try Self.text(ofAll: scratch)) == nil)
    }

    /// What stands in production's template1 stands in the dump once for template1, and once more for each database that was
    /// made from it.
    static func templated() throws -> TestServer {
        let server = try TestServer()
        try TestDatabase(server: server, name: "template1").run(
            """
            CREATE EXTENSION pg_trgm;
            CREATE SCHEMA house;
            CREATE TYPE house.mood AS ENUM ('sad', 'happy');
            CREATE FUNCTION house.twice(i integer) RETURNS integer LANGUAGE sql AS 'SELECT i * 2';
            CREATE TABLE house.rules (id integer PRIMARY KEY, mood house.mood, text text);
            INSERT INTO house.rules VALUES (1, 'sad', 'one'), (2, 'happy', 'two');
            CREATE INDEX ON house.rules USING gin (text gin_trgm_ops);
            COMMENT ON DATABASE template1 IS 'with the house rules';
            ALTER DATABASE template1 SET work_mem = '6MB';
            """)
        for name in ["shop", "stock"] {
            try server.maintenance.run("CREATE DATABASE \(name)")
            try TestDatabase(server: server, name: name).run(
                "INSERT INTO house.rules VALUES (3, NULL, '\(name)'); CREATE TABLE own AS SELECT house.twice(21) AS a")
        }
        return server
    }

    @Test(arguments: [([], 1), ([], 3), (["--clean", "--if-exists"], 3)])
    func objectsOfTemplate1ComeBackOnceInEachDatabase(_ arguments: [String], jobs: Int) throws {
        let production = try Self.templated()
        let directory = try TemporaryDirectory()
        let path = try production.dumpAll(arguments, to: directory.file("all.sql"))
        let scratch = try TestServer()
        let outcome = try LoadSupport.load(try LoadSupport.scan(path), on: scratch, LoadOptions(jobs: jobs))
        #expect(outcome.findings == [])
        let rules = ["template1": 2, "shop": 3, "stock": 3].mapValues { UInt64($0) }
        for (database, rows) in rules {
            #expect(outcome.rowsLoaded[TableName(database: database, schema: "house", name: "rules")] == rows)
        }
        #expect(LoadSupport.difference(try Self.text(ofAll: production), try Self.text(ofAll: scratch)) == nil)
    }

    @Test func globalsComeFirst() throws {
        let production = try Self.production()
        let directory = try TemporaryDirectory()
        let globals = try production.dumpAll(["--globals-only"], to: directory.file("globals.sql"))
        let path = try TestDatabase(server: production, name: "shop").dump(["--create"], to: directory.file("shop.sql"))
        let scratch = try TestServer()
        let dump = try LoadSupport.scan(path)
        let outcome = try LoadSupport.load(
            dump, globals: try LoadSupport.scan(globals), on: scratch, LoadOptions(jobs: 2))
        #expect(outcome.findings == [])
        #expect(outcome.createdRoles == [])
        #expect(outcome.mainDatabase == "shop")
        #expect(outcome.databases == ["shop"])
        let shop = TestDatabase(server: scratch, name: "shop")
        #expect(try shop.query("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'app'") == "t")
        #expect(
            LoadSupport.difference(
                try LoadSupport.text(of: TestDatabase(server: production, name: "shop"), ["--create"]),
                try LoadSupport.text(of: shop, ["--create"])) == nil)
    }

    @Test func makesTheRolesThatNobodyBrings() throws {
        let production = try Self.production()
        let directory = try TemporaryDirectory()
        let path = try TestDatabase(server: production, name: "shop").dump(to: directory.file("shop.sql"))
        let scratch = try TestServer()
        let outcome = try LoadSupport.load(try LoadSupport.scan(path), on: scratch, LoadOptions(jobs: 2))
        #expect(outcome.findings == [])
        #expect(outcome.createdRoles == ["Röle \"q\"", "app"])
        #expect(try scratch.maintenance.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'app'") == "f")
    }

    @Test(arguments: ["LATIN1", "SQL_ASCII", "EUC_JP"])
    func keepsTheEncodingOfTheDump(_ encoding: String) throws {
        let server = try TestServer.shared()
        let source = try server.createDatabase(encoding: encoding)
        let text = encoding == "EUC_JP" ? "日本語" : "Grüße"
        try source.run("SET client_encoding = 'UTF8'; CREATE TABLE \"t \(encoding)\" (a text);")
        try source.run(
            encoding == "SQL_ASCII"
                ? "INSERT INTO \"t SQL_ASCII\" VALUES (convert_from('\\xff41fe', 'SQL_ASCII'))"
                : "SET client_encoding = 'UTF8'; INSERT INTO \"t \(encoding)\" VALUES ('\(text)')")
        let directory = try TemporaryDirectory()
        let path = try source.dump(to: directory.file("dump.sql"))
        let name = "encoded_\(encoding)"
        let outcome = try LoadSupport.load(
            try LoadSupport.scan(path), on: server, LoadOptions(jobs: 2, database: name))
        #expect(outcome.findings == [])
        let again = try TestDatabase(server: server, name: name).dump(to: directory.file("again.sql"))
        let lines = try [path, again].map { path in
            try TestFile.read(path).split(separator: 10).filter { !$0.starts(with: Array("\\restrict".utf8)) }
                .filter { !$0.starts(with: Array("\\unrestrict".utf8)) }
        }
        #expect(lines[0] == lines[1])
    }

    @Test(arguments: [(15, 18), (18, 15)])
    func crossesVersions(from: Int, to: Int) throws {
        let source = try ShopDatabase(orders: 50).database(on: try TestServer.shared(major: from))
        let directory = try TemporaryDirectory()
        let path = try source.dump(to: directory.file("dump.sql"))
        let server = try TestServer.shared(major: to)
        let name = "from_\(from)"
        let outcome = try LoadSupport.load(
            try LoadSupport.scan(path), on: server, LoadOptions(jobs: 2, database: name))
        #expect(outcome.findings == [])
        #expect(outcome.checks.map(\.verdict) == [.verified])
        let tool = try TestInstallation.major(18)
        let texts = try [source, TestDatabase(server: server, name: name)].map { database in
            let path = try database.dump(["--data-only"], to: directory.file("again"), with: tool)
            return try TestFile.text(path).split(separator: "\n").filter {
                !$0.contains("restrict ") && !$0.hasPrefix("-- Dumped from")
            }
        }
        #expect(LoadSupport.difference(texts[0], texts[1]) == nil)
    }

    /// pg_dump 18 sets what a server of 15 does not know.
    @Test func newerToolsSettingsAreNeutralised() throws {
        let source = try ShopDatabase(orders: 5).database(on: try TestServer.shared())
        let directory = try TemporaryDirectory()
        let path = try source.dump(to: directory.file("dump.sql"), with: try TestInstallation.major(18))
        for jobs in [1, 3] {
            let outcome = try LoadSupport.load(
                try LoadSupport.scan(path), on: source.server, LoadOptions(jobs: jobs, database: "newer_\(jobs)"))
            #expect(outcome.findings == [])
            #expect(outcome.harmless.values.reduce(0, +) == 1)
            #expect(outcome.checks.first?.details.contains { $0.contains("newer pg_dump") } == true)
        }
    }
}
