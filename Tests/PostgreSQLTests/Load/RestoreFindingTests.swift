import Backups
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// Dumps that don't restore, by every loader: the same verdict from each.
@Suite(.serialized)
struct RestoreFindingTests {
    enum Way: CaseIterable, Sendable {
        case native, sideBySide, psql, custom, directory, tar
    }

    /// - Parameter server: the one that `source` is of when not given.
    static func restore(
        _ source: TestDatabase, _ way: Way, as name: String, on server: TestServer? = nil
    ) throws -> LoadOutcome {
        let target = TestTarget(server: server ?? source.server)
        let directory = try TemporaryDirectory()
        let installed = source.server.installation
        let tools = Installation(
            bin: installed.bin, version: "\(installed.major)", major: installed.major, isServer: true)
        let options = LoadOptions(jobs: way == .native ? 1 : 3, database: name)
        let loader: any Loader
        switch way {
        case .native, .sideBySide, .psql:
            let dump = try LoadSupport.scan(try source.dump(to: directory.file("dump.sql")))
            loader =
                way == .psql
                ? try PsqlLoader(dump, tools: tools, options: options) : NativeLoader(dump, options: options)
        case .custom, .directory, .tar:
            let format: BackupFormat = way == .custom ? .custom : way == .tar ? .tar : .directory
            let letter = way == .custom ? "c" : way == .tar ? "t" : "d"
            let path = try source.dump(["-F\(letter)"], to: directory.file("archive"))
            loader = PgRestoreLoader(
                .path(path), format: format, archive: try ArchiveReader.verify(path, format: format), tools: tools,
                options: options)
        }
        return try loader.load(into: target, cancellation: Cancellation(), progress: SilentProgress())
    }

    @Test(arguments: Way.allCases)
    func theIntactOneIsTheSame(_ way: Way) throws {
        let source = try NativeLoaderTests.Sources.shop.get()
        let name = "intact_\(way)"
        let outcome = try Self.restore(source, way, as: name)
        #expect(outcome.findings == [])
        #expect(outcome.checks.map(\.verdict) == [.verified])
        let restored = TestDatabase(server: source.server, name: name)
        let difference = LoadSupport.difference(try LoadSupport.text(of: source), try LoadSupport.text(of: restored))
        #expect(difference == nil)
        try restored.drop()
    }

    @Test(arguments: [Way.sideBySide, .psql, .custom, .directory, .tar])
    func everyKindOfObjectComesBack(_ way: Way) throws {
        let source = try NativeLoaderTests.Sources.sink.get()
        let name = "sink_\(way)"
        let outcome = try Self.restore(source, way, as: name)
        #expect(outcome.findings == [])
        let restored = TestDatabase(server: source.server, name: name)
        let difference = LoadSupport.difference(try LoadSupport.text(of: source), try LoadSupport.text(of: restored))
        #expect(difference == nil)
    }

    /// Rows that no longer satisfy a foreign key: production has them when it was switched off for a while.
    @Test(arguments: Way.allCases)
    func orphansFail(_ way: Way) throws {
        let source = try TestServer.shared().createDatabase()
        try source.run(
            """
            CREATE TABLE parents (id int PRIMARY KEY);
            CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents);
            INSERT INTO parents SELECT generate_series(1, 100);
            SET session_replication_role = replica;
            INSERT INTO children SELECT i, i + 1 FROM generate_series(1, 100) i;
            """)
        let outcome = try Self.restore(source, way, as: "orphans_\(way)")
        #expect(outcome.checks.map(\.verdict) == [.failed])
        #expect(outcome.checks.map(\.reason) == [.constraintViolated])
        #expect(outcome.findings.map(\.sqlstate) == ["23503"])
        try source.drop()
    }

    /// A check that looks a table up by a bare name: works in production, not under a restore's empty search_path.
    @Test(arguments: Way.allCases)
    func functionsThatRelyOnTheSearchPathFail(_ way: Way) throws {
        let source = try TestServer.shared().createDatabase()
        try source.run(
            """
            CREATE TABLE allowed (id int PRIMARY KEY);
            CREATE FUNCTION is_allowed(i int) RETURNS boolean LANGUAGE plpgsql AS
                $$ BEGIN RETURN EXISTS (SELECT 1 FROM allowed WHERE id = i); END $$;
            CREATE TABLE checked (id int CHECK (is_allowed(id)));
            INSERT INTO allowed VALUES (1);
            INSERT INTO checked VALUES (1);
            """)
        let outcome = try Self.restore(source, way, as: "path_\(way)")
        #expect(outcome.checks.map(\.verdict) == [.failed])
        #expect(outcome.findings.map(\.reason) == [.objectMissing])
        #expect(outcome.rowsLoaded[TableName(schema: "public", name: "checked")] == nil)
        try source.drop()
    }

    /// pg_restore repeats the start of a statement only: two keys of a table with a long name look the same to it.
    @Test(arguments: [Way.custom, .directory, .tar])
    func statementsThatBeginAlikeAreToldApart(_ way: Way) throws {
        let (schema, table) = (String(repeating: "s", count: 60), String(repeating: "t", count: 60))
        let source = try TestServer.shared().createDatabase()
        try source.run(
            """
            CREATE SCHEMA \(schema);
            CREATE TABLE parents (id int PRIMARY KEY);
            CREATE TABLE \(schema).\(table) (id int PRIMARY KEY, one int, other int, third int);
            INSERT INTO parents SELECT generate_series(1, 10);
            INSERT INTO \(schema).\(table) SELECT i, i, i, i FROM generate_series(1, 10) i;
            ALTER TABLE \(schema).\(table) ADD CONSTRAINT a_key FOREIGN KEY (one) REFERENCES parents;
            ALTER TABLE \(schema).\(table) ADD CONSTRAINT b_key FOREIGN KEY (other) REFERENCES parents;
            ALTER TABLE \(schema).\(table) ADD CONSTRAINT c_key FOREIGN KEY (third) REFERENCES parents;
            """)
        #expect(try Self.restore(source, way, as: "alike_\(way)").findings == [])
        try source.run(
            "SET session_replication_role = replica; UPDATE \(schema).\(table) SET other = 99 WHERE id = 5")
        let outcome = try Self.restore(source, way, as: "unlike_\(way)")
        #expect(outcome.findings.map(\.sqlstate) == ["23503"])
        #expect(outcome.findings.map(\.reason) == [.constraintViolated])
        #expect(outcome.findings.first?.message.contains("b_key") == true)
        try source.drop()
    }

    /// With 71 letters not even what a statement does with its table is repeated: a default, of another section than keys,
    /// begins like them, and runs a second time when one of the keys failed.
    @Test(arguments: [Way.custom, .tar])
    func statementsOfTwoSectionsThatBeginAlikeAreToldApart(_ way: Way) throws {
        let table = String(repeating: "s", count: 30) + "." + String(repeating: "t", count: 40)
        #expect(table.count == 71)
        let keys = ["ALTER COLUMN id SET DEFAULT 1", "ADD CONSTRAINT one_code UNIQUE (code)"].map {
            RestoreRetry.key("ALTER TABLE ONLY \(table)\n    \($0)")
        }
        #expect(Set(keys).count == 1)
        let source = try TestServer.shared().createDatabase()
        try source.run(
            """
            CREATE SCHEMA \(table.prefix(30));
            CREATE TABLE parents (id int PRIMARY KEY);
            CREATE TABLE \(table) (id serial CONSTRAINT one_pkey PRIMARY KEY, parent int REFERENCES parents,
                code int CONSTRAINT one_code UNIQUE);
            ALTER TABLE \(table) REPLICA IDENTITY USING INDEX one_pkey;
            INSERT INTO parents SELECT generate_series(1, 10);
            INSERT INTO \(table) (parent, code) SELECT i, i FROM generate_series(1, 10) i;
            """)
        #expect(try Self.restore(source, way, as: "twin_\(way)").findings == [])
        // A row that an index was not told of, and then one whose parent was not asked for.
        let index = "UPDATE pg_index SET indisready = $ WHERE indexrelid = '\(table.prefix(30)).one_code'::regclass;"
        let damages = [
            ("23505", [index.replacing("$", with: "false"), "INSERT INTO \(table) (parent, code) VALUES (1, 10);"]),
            ("23503", ["SET session_replication_role = replica; UPDATE \(table) SET parent = 99 WHERE id = 5;"]),
        ]
        for (number, (code, statements)) in damages.enumerated() {
            for statement in statements { try source.run(statement) }
            if number == 0 { try source.run(index.replacing("$", with: "true")) }
            let outcome = try Self.restore(source, way, as: "torn_\(code)_\(way)")
            #expect(outcome.findings.map(\.sqlstate) == damages.prefix(number + 1).map(\.0))
            #expect(outcome.findings.allSatisfy { $0.reason == .constraintViolated })
            // What ran a second time did no harm: but for the keys that failed, all is there.
            let restored = TestDatabase(server: source.server, name: "torn_\(code)_\(way)")
            let (text, again) = (try LoadSupport.text(of: source), try LoadSupport.text(of: restored))
            let lost = Set(text).subtracting(again).filter { !$0.hasPrefix("--") }
            #expect(lost.count == number + 1 && lost.allSatisfy { $0.contains("CONSTRAINT") }, "\(lost)")
            #expect(Set(again).subtracting(text) == [])
        }
        try source.drop()
    }
}
