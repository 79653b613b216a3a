import Backups
import Glibc
import PostgreSQL
import TestSupport
import Testing

@Suite struct ProductionActivityTests {
    /// Reports what this session did at once: the next statement sees it.
    static let flush = "SELECT pg_stat_force_next_flush();"

    static func read(_ database: TestDatabase, user: String = TestServer.superuser) throws -> ActivityReading {
        var parameters = try ConnectionParameters(conninfo: database.conninfo)
        parameters.values["user"] = user
        return try ProductionActivity().read(try Connection(parameters))
    }

    static func counters(_ database: TestDatabase, _ name: String = "t") throws -> TableCounters? {
        try read(database).sample.tables.first { $0.name == name }
    }

    static func database(major: Int = 15) throws -> TestDatabase {
        let database = try TestServer.shared(major: major).createDatabase()
        try database.run("CREATE TABLE t (x int); INSERT INTO t SELECT generate_series(1, 100); \(flush)")
        return database
    }

    @Test(arguments: [15, 18]) func countersAreProductionsOwn(major: Int) throws {
        let database = try Self.database(major: major)
        try database.run(
            """
            DELETE FROM t WHERE x <= 10; UPDATE t SET x = x WHERE x <= 15;
            BEGIN; INSERT INTO t SELECT generate_series(1, 1000); ROLLBACK;
            CREATE TABLE root (k int) PARTITION BY LIST (k); CREATE TABLE leaf PARTITION OF root DEFAULT;
            INSERT INTO root VALUES (1); CREATE MATERIALIZED VIEW m AS SELECT 1; CREATE VIEW v AS SELECT 1;
            \(Self.flush)
            """)
        let before = Timestamp.now()
        let reading = try Self.read(database)
        #expect(reading.sample.tables.map(\.name) == ["leaf", "t"])
        #expect(abs(reading.sample.takenAt.seconds(since: before)) < 5)
        let table = try #require(reading.sample.tables.last)
        // What was rolled back is counted, too.
        #expect([table.inserted, table.updated, table.deleted] == [1100, 5, 10])
        #expect(table.schema == "public" && table.oid > 16_383 && table.relfilenode == table.oid)
        #expect(reading.sample.circumstances != nil && reading.sessions.isVisible)
        #expect(try Self.read(database).sample.epoch == reading.sample.epoch)
        #expect(try Self.read(database).sample.circumstances == reading.sample.circumstances)
        #expect(try Self.read(database).sample.tables == reading.sample.tables)
    }

    struct Deed: Sendable, CustomTestStringConvertible {
        let sql: String
        var changesFile = false
        var changesDefinition = false
        var testDescription: String { sql }
    }

    @Test(arguments: [
        Deed(sql: "TRUNCATE t", changesFile: true, changesDefinition: true),
        Deed(sql: "VACUUM FULL t", changesFile: true, changesDefinition: true),
        Deed(sql: "ALTER TABLE t ALTER x TYPE bigint", changesFile: true, changesDefinition: true),
        Deed(sql: "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t", changesDefinition: true),
        Deed(sql: "VACUUM t"), Deed(sql: "ANALYZE t"), Deed(sql: "CREATE INDEX ON t (x)"), Deed(sql: "VACUUM FREEZE t"),
    ])
    func whatBreaksABoundIsSeen(_ deed: Deed) throws {
        let database = try Self.database()
        let before = try #require(try Self.counters(database))
        try database.run(deed.sql)
        let after = try #require(try Self.counters(database))
        #expect(after.oid == before.oid && after.inserted == before.inserted)
        #expect((after.relfilenode != before.relfilenode) == deed.changesFile)
        #expect((after.definition != before.definition) == deed.changesDefinition)
    }

    @Test(arguments: ["pg_stat_reset()", "pg_stat_reset_single_table_counters('t'::regclass)"], [15, 18])
    func aResetBeginsAnEpoch(reset: String, major: Int) throws {
        let database = try Self.database(major: major)
        let before = try Self.read(database).sample
        try database.run("SELECT \(reset)")
        let after = try Self.read(database).sample
        #expect(after.epoch != before.epoch && after.tables.first?.inserted == 0)
    }

    /// A server that recovers from a crash has zeroed its counters, and keeps its start time.
    @Test(arguments: [15, 18]) func aCrashBeginsAnEpoch(major: Int) throws {
        let server = try TestServer(major: major)
        let database = try server.createDatabase()
        try database.run("CREATE TABLE t (x int); INSERT INTO t VALUES (1); \(Self.flush)")
        let before = try Self.read(database).sample
        let victim = try database.connect()
        kill(try #require(victim.query("SELECT pg_backend_pid()").scalar.flatMap { pid_t($0) }), SIGKILL)
        var after: ProductionSample?
        for _ in 0..<600 where after == nil {
            usleep(100_000)
            after = try? Self.read(database).sample
        }
        #expect(after != nil && after?.epoch != before.epoch)
    }

    @Test func circumstancesChangeWithTheConfiguration() throws {
        let server = try TestServer(major: 15)
        let database = try server.createDatabase()
        let before = try Self.read(database).sample
        try database.run("SELECT pg_reload_conf()")
        var after = before
        for _ in 0..<300 where after.circumstances == before.circumstances {
            usleep(100_000)
            after = try Self.read(database).sample
        }
        #expect(after.circumstances != nil && after.circumstances != before.circumstances)
        #expect(after.epoch == before.epoch)
    }

    @Test(arguments: ["DATABASE %", "ROLE careless IN DATABASE %"]) func countingThatIsOffIsSeen(whose: String) throws {
        let server = try TestServer.shared()
        let database = try server.createDatabase()
        try server.maintenance.run(
            "DO $$ BEGIN CREATE ROLE careless; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$")
        #expect(try Self.read(database).sample.circumstances != nil)
        try database.run("ALTER \(whose.replacing("%", with: database.name)) SET track_counts = off")
        #expect(try Self.read(database).sample.circumstances == nil)
    }

    @Test func workThatIsNotFinishedIsSeen() throws {
        let database = try Self.database()
        #expect(try Self.read(database).sessions.oldestWork == nil)
        let session = try database.connect()
        // One that only idles has reported all.
        try session.execute("SELECT 1")
        #expect(try Self.read(database).sessions.oldestWork == nil)
        let before = Timestamp.now()
        try session.execute("BEGIN; SELECT count(*) FROM t")
        let start = try #require(try Self.read(database).sessions.oldestWork)
        #expect(abs(start.seconds(since: before)) < 5)
        try session.execute("COMMIT")
        #expect(try Self.read(database).sessions == SessionActivity(isVisible: true))
        try session.execute("SET track_activities = off")
        #expect(try !Self.read(database).sessions.isVisible)
    }

    /// Every role may read the counters; only what others do is hidden.
    @Test func aRoleWithoutGrantsSeesTheCounters() throws {
        let database = try Self.database()
        try database.run(
            """
            DO $$ BEGIN CREATE ROLE plain_role LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            DO $$ BEGIN CREATE ROLE monitor_role LOGIN IN ROLE pg_monitor;
            EXCEPTION WHEN duplicate_object THEN NULL; END $$
            """)
        let plain = try Self.read(database, user: "plain_role")
        #expect(plain.sample.tables.map(\.inserted) == [100] && !plain.sessions.isVisible)
        #expect(try Self.read(database, user: "monitor_role").sessions.isVisible)
        #expect(try Self.read(database).sample.epoch == plain.sample.epoch)
    }

    /// A standby counts nothing of what is written; one that takes over counts from anew.
    @Test func aFailoverBeginsAnEpoch() throws {
        let primary = try TestServer(major: 15)
        let database = try primary.createDatabase()
        try database.run("CREATE TABLE t (x int); INSERT INTO t VALUES (1); \(Self.flush)")
        let before = try Self.read(database).sample
        let standby = try TestServer(standbyOf: primary)
        let copy = TestDatabase(server: standby, name: database.name)
        let refusal = #expect(throws: Obstacle.self) { try Self.read(copy) }
        #expect(refusal?.reason == .boundsUnknown && refusal?.message.contains("standby") == true)
        try copy.run("SELECT pg_promote()")
        let after = try Self.read(copy).sample
        #expect(after.epoch != before.epoch)
        // The same cluster and database, another timeline.
        let (old, new) = (before.epoch.split(separator: "/"), after.epoch.split(separator: "/"))
        #expect(old.first == new.first && old.dropFirst().first == "00000001" && new.dropFirst().first == "00000002")
        #expect(try Self.read(database).sample.epoch == before.epoch)
    }
}
