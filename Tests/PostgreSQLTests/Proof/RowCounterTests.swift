import Backups
import PostgreSQL
import Processes
import TestSupport
import Testing

@Suite struct RowCounterTests {
    static func count(
        _ database: TestDatabase, user: String = TestServer.superuser, jobs: Int = 2, checksums: Bool = true,
        limits: ReadLimits? = .production
    ) throws -> RowCount {
        var parameters = try ConnectionParameters(conninfo: database.conninfo)
        parameters.values["user"] = user
        return try RowCounter(jobs: jobs, limits: limits, checksums: checksums, cancellation: Cancellation()) {
            [parameters] in try Connection(parameters)
        }.count()
    }

    static let table = TableName(schema: "public", name: "t")

    @Test(arguments: [1, 3]) func countsLeavesAndFamilies(jobs: Int) throws {
        let database = try TestServer.shared().createDatabase()
        try database.run(
            """
            CREATE TABLE root (k int, v text) PARTITION BY RANGE (k);
            CREATE TABLE low PARTITION OF root FOR VALUES FROM (0) TO (10);
            CREATE TABLE high PARTITION OF root FOR VALUES FROM (10) TO (20) PARTITION BY LIST (v);
            CREATE TABLE higha PARTITION OF high FOR VALUES IN ('a');
            INSERT INTO root VALUES (1, 'a'), (2, 'a'), (11, 'a');
            CREATE TABLE parent (x int); CREATE TABLE child () INHERITS (parent);
            INSERT INTO parent VALUES (1); INSERT INTO child VALUES (2), (3);
            CREATE TEMP TABLE gone (x int); CREATE VIEW v AS SELECT 1; CREATE TABLE empty ();
            """)
        let count = try Self.count(database, jobs: jobs)
        let name = { TableName(schema: "public", name: $0) }
        #expect(
            count.rows == [
                name("low"): 2, name("higha"): 1, name("parent"): 1, name("child"): 2, name("empty"): 0,
            ])
        #expect(count.families.roots == [name("low"): name("root"), name("higha"): name("root")])
        #expect(count.checksums.count == 5)
    }

    @Test func rowsThatRowSecurityHidesAreNotCounted() throws {
        let server = try TestServer.shared()
        let database = try server.createDatabase()
        try server.maintenance.run(
            "DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        try database.run("CREATE TABLE t (x int); INSERT INTO t VALUES (1), (2)")
        #expect(throws: Obstacle.self) { try Self.count(database, user: "reader") }
        do { _ = try Self.count(database, user: "reader") } catch let obstacle as Obstacle {
            #expect(obstacle.reason == .permissionDenied && obstacle.message.contains("t"))
        }
        try database.run("GRANT SELECT ON t TO reader")
        #expect(try Self.count(database, user: "reader").rows == [Self.table: 2])
        try database.run("ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (x = 1)")
        let error = #expect(throws: Obstacle.self) { try Self.count(database, user: "reader") }
        #expect(error?.reason == .hiddenRows)
    }

    @Test func lockedTableIsNoCount() throws {
        let database = try TestServer.shared().createDatabase()
        try database.run("CREATE TABLE t (x int)")
        let blocker = try database.connect()
        try blocker.execute("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        let error = #expect(throws: Obstacle.self) { try Self.count(database, limits: ReadLimits(lock: .seconds(1))) }
        #expect(error?.reason == .lockTimeout)
        try blocker.execute("ROLLBACK")
        #expect(try Self.count(database).rows == [Self.table: 0])
    }

    /// Four tables that every transaction changes alike, counted by three sessions while two others write: one snapshot, or
    /// the counts differ.
    @Test func busyTablesAreCountedInOneSnapshot() throws {
        let database = try TestServer.shared().createDatabase()
        let names = ["a", "b", "c", "d"]
        try database.run(names.map { "CREATE TABLE \($0) (id int)" }.joined(separator: "; "))
        let round =
            names.map { "INSERT INTO \($0) SELECT i FROM generate_series(1, 1 + i % 3);" }.joined()
            + "COMMIT;" + names.map { "DELETE FROM \($0) WHERE id = 1 AND i % 5 = 0;" }.joined() + "COMMIT;"
        let work = "DO $$ BEGIN FOR i IN 1..10000000 LOOP \(round) END LOOP; END $$"
        let writers = try (0..<2).map { _ in
            try ChildProcess.start(
                Command(
                    database.server.installation.tool("psql"), ["-X", "-q", "-d", database.conninfo, "-c", work],
                    parentDeathSignal: .kill))
        }
        defer {
            for writer in writers { writer.terminate(grace: .seconds(10)) }
            #expect(throws: Never.self) { try database.endSessions() }
        }
        var counts: Set<UInt64> = []
        let deadline = ContinuousClock.now + .seconds(60)
        while counts.count < 10 {
            let count = try Self.count(database, jobs: 3, checksums: false)
            #expect(count.rows.count == names.count && Set(count.rows.values).count == 1, "\(count.rows)")
            counts.formUnion(count.rows.values)
            guard ContinuousClock.now < deadline else { throw TestFailure("nobody writes: \(counts)") }
        }
    }

    /// A server that waits, for whatever reason, is not waited for.
    @Test func aCountThatTakesTooLongIsEnded() throws {
        let database = try TestServer.shared().createDatabase()
        try database.run("CREATE TABLE t (x int)")
        let blocker = try database.connect()
        try blocker.execute("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        let limits = ReadLimits(statement: .seconds(1), lock: .seconds(600))
        let error = #expect(throws: Obstacle.self) { try Self.count(database, limits: limits) }
        #expect(error?.reason == .deadlineExceeded && error?.message.contains("statement timeout") == true)
        try blocker.execute("ROLLBACK")
        #expect(try Self.count(database, limits: limits).rows == [Self.table: 0])
    }

    /// Stops in the middle of a count, as a machine that hangs, until somebody lets it go on.
    private final class Halt: ProgressObserver {
        let halted = SignalledOnce<Void>()
        let mayGoOn = SignalledOnce<Void>()

        func begin(_ stage: Stage, total: UInt64?, unit: ProgressUnit) {
            halted.set(())
            mayGoOn.wait()
        }
        func advance(_ stage: Stage, to completed: UInt64) {}
        func end(_ stage: Stage) {}
    }

    /// The server itself ends a session of ours that holds a snapshot and does nothing.
    @Test func aSessionThatHangsIsEndedByTheServer() throws {
        let database = try TestServer.shared().createDatabase()
        try database.run("CREATE TABLE t (x int)")
        let parameters = try ConnectionParameters(conninfo: database.conninfo)
        let (halt, outcome) = (Halt(), SignalledOnce<Result<RowCount, any Error>>())
        DetachedThread.start(named: "count") {
            outcome.set(
                Result {
                    try RowCounter(
                        jobs: 2, limits: ReadLimits(idle: .seconds(1)), progress: halt, cancellation: Cancellation()
                    ) { try Connection(parameters) }.count()
                })
        }
        halt.halted.wait()
        let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database.name)'"
        let deadline = ContinuousClock.now + .seconds(60)
        while try TestServer.shared().maintenance.query(sessions) != "0" {
            guard ContinuousClock.now < deadline else { throw TestFailure("the session was not ended") }
        }
        halt.mayGoOn.set(())
        #expect(throws: Obstacle.self) { try outcome.wait().get() }
        #expect(try Self.count(database).rows == [Self.table: 0])
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let sql: String
        let isSeen: Bool
        var testDescription: String { sql }
    }

    @Test(arguments: [
        Change(sql: "UPDATE t SET a = b, b = a WHERE id = 1", isSeen: true),
        Change(sql: "UPDATE t SET a = 'one ' WHERE id = 1", isSeen: true),
        Change(sql: "UPDATE t SET b = '' WHERE id = 2", isSeen: true),
        Change(sql: "UPDATE t SET a = NULL WHERE id = 3", isSeen: true),
        Change(sql: "DELETE FROM t WHERE id = 4", isSeen: true),
        Change(sql: "DELETE FROM t WHERE a = 'twin'", isSeen: true),
        Change(sql: "INSERT INTO t VALUES (9, 'twin', NULL), (9, 'twin', NULL)", isSeen: true),
        Change(sql: "UPDATE t SET f = f + 1e-16 WHERE id = 4", isSeen: true),
        Change(sql: "UPDATE t SET d = d || '\\x00' WHERE id = 4", isSeen: true),
        Change(
            sql:
                "UPDATE t SET x = CASE id WHEN 1 THEN (SELECT x FROM t WHERE id = 2) ELSE (SELECT x FROM t WHERE id = 1) END WHERE id IN (1, 2)",
            isSeen: true),
        Change(
            sql:
                "CREATE TABLE u AS SELECT * FROM t ORDER BY id DESC; TRUNCATE t; INSERT INTO t (id, a, b, f, d, x) SELECT id, a, b, f, d, x FROM u; DROP TABLE u",
            isSeen: false),
        Change(sql: "ALTER TABLE t ADD gone int; ALTER TABLE t DROP gone", isSeen: false),
        Change(sql: "ALTER DATABASE CURRENT SET DateStyle = 'SQL, DMY'", isSeen: false),
    ])
    func checksumSeesTheContentOnly(_ change: Change) throws {
        let database = try TestServer.shared().createDatabase()
        try database.run(
            """
            CREATE TABLE t (id int, a text, b text, f double precision, d bytea, x timestamptz,
                g int GENERATED ALWAYS AS (id * 2) STORED);
            INSERT INTO t VALUES (1, 'one', 'eno', 0.1, '\\x01', '2026-01-02'), (2, 'two', NULL, 0.2, '', '2026-02-01'),
                (3, '', 'x', 'NaN', NULL, NULL), (4, '(,"\\', E'\\n', 0.4, '\\x04', 'infinity'),
                (5, 'twin', NULL, 1, NULL, NULL), (5, 'twin', NULL, 1, NULL, NULL);
            """)
        let before = try Self.count(database)
        #expect(try Self.count(database).checksums == before.checksums)
        let sql = change.sql.replacing("DATABASE CURRENT", with: "DATABASE \(database.name)")
        try database.run(sql)
        let after = try Self.count(database)
        #expect((after.checksums != before.checksums) == change.isSeen)
    }

    @Test func copiesHaveEqualChecksumsInOtherVersionsAndEncodings() throws {
        let server = try TestServer.shared()
        try server.maintenance.run(CatalogCorpus.rolesSQL)
        let database = try server.createDatabase(encoding: "LATIN1")
        try database.run(
            """
            CREATE TABLE t (j jsonb, n numeric, a text[], i interval, r int4range, u uuid, e text, ts tsvector, p point,
                inet inet, b bit(3), m timestamptz);
            INSERT INTO t VALUES ('{"b": 1.0, "a": [null]}', 1.10, '{NULL,"",x}', '1 mon 2 days 03:04:05.6', '[1,5)',
                '00000000-0000-0000-0000-000000000001', convert_from('\\xfc', 'LATIN1'), 'a:1 b', '(0.1,2)', '10.0.0.0/8',
                '101', '2026-03-29 02:30+01');
            SELECT lo_from_bytea(4711, repeat('x', 1500000)::bytea);
            """)
        let original = try Self.count(database)
        let directory = try TemporaryDirectory()
        let file = try database.dump(to: directory.file("d.sql"))
        for major in [15, 18] {
            let copy = try TestServer.shared(major: major).createDatabase()
            #expect(try copy.restoreWithPsql(file).status == 0)
            let count = try Self.count(copy)
            #expect(count.rows == original.rows)
            #expect(count.checksums == original.checksums)
            #expect(count.largeObjects == original.largeObjects)
            try copy.run("SELECT lo_put(4711, 1400000, 'y')")
            #expect(try Self.count(copy).largeObjects != original.largeObjects)
        }
    }
}
