import Backups
import Glibc
import PostgreSQL
import Processes
import Synchronization
import TestSupport
import Testing
import Verification

/// Backups of a database that went on, held against what it counted since. Two servers run for each: production and scratch.
@Suite(.serialized) struct BoundsVerificationTests {
    static let busy = """
        INSERT INTO orders (note) SELECT 'new' FROM generate_series(1, 300); DELETE FROM orders WHERE id <= 100;
        UPDATE orders SET note = 'changed' WHERE id BETWEEN 200 AND 400
        """

    @Test func aBusyDatabaseVerifiesWithBounds() throws {
        let production = try BusyProduction(on: .shared())
        try production.work(Self.busy)
        // Sessions that insert, delete and roll back for as long as the verification takes.
        let load = try Load(production.database, sessions: 3)
        let report = try production.verify()
        load.stop()
        #expect(report.conclusion.verdict == .verified, "\(report.story)")
        #expect(report.conclusion.proof == .bounds && report.bounds?.verdict == .verified, "\(report.story)")
        #expect(report.tables.map(\.proof) == [.bounds, .bounds])
        let orders = try #require(report.table("orders"))
        let bounds = try #require(orders.bounds)
        #expect(bounds.contains(10_000) && bounds.lowerBound < 10_000 && bounds.upperBound >= 10_100)
        #expect(orders.restoredRows == 10_000 && orders.referenceRows != nil && !orders.differs)
        #expect(report.table("users")?.bounds == 10_000...10_000)
        #expect(report.conclusion.message.contains("as production's counters say"))
    }

    @Test(arguments: ["orders", "users"]) func aDumpThatLostRowsFails(table: String) throws {
        let production = try BusyProduction(on: .shared())
        try production.work(Self.busy)
        let report = try production.verify(try production.dumpWithout(1000, of: table))
        #expect(report.conclusion.verdict == .failed && report.conclusion.reason == .rowsDiffer, "\(report.story)")
        // It agrees with itself: nothing else would have told.
        #expect(report.checks.filter { $0.verdict == .failed }.map(\.name) == [BoundsParity.checkName])
        #expect(report.table(table)?.proof == Proof.none && report.table(table)?.differs == true)
        #expect(report.tables.count { $0.proof == .bounds } == 1)
        #expect(try production.verify().conclusion.proof == .bounds)
    }

    struct Hole: Sendable, CustomTestStringConvertible {
        let sql: String
        /// What the table's line says.
        let why: String
        var before = ""
        /// What lies within the bounds is proved in spite of it.
        var isNarrowing = false
        var testDescription: String { sql }
    }

    @Test(arguments: [
        Hole(
            sql: "TRUNCATE orders; INSERT INTO orders (note) SELECT 'x' FROM generate_series(1, 50)", why: "truncated"),
        Hole(sql: "VACUUM FULL orders", why: "truncated or rewritten"),
        Hole(sql: "SELECT pg_stat_reset()", why: "began anew"),
        Hole(sql: "SELECT pg_stat_reset_single_table_counters('orders'::regclass)", why: "began anew"),
        Hole(
            sql: "DROP TABLE orders; CREATE TABLE orders (id bigserial PRIMARY KEY, note text)",
            why: "dropped and created anew"),
        Hole(
            sql: "ALTER TABLE orders RENAME TO old; ALTER TABLE old RENAME TO orders", why: "altered or renamed",
            isNarrowing: true),
        Hole(
            sql: "ALTER DATABASE SET track_counts = off", why: "does not count everything", isNarrowing: true),
        Hole(sql: "SELECT pg_reload_conf(), pg_sleep(1)", why: "restarted or reconfigured", isNarrowing: true),
    ])
    func aHoleNeverFailsABackup(_ hole: Hole) throws {
        let production = try BusyProduction(on: .shared())
        try production.work(hole.sql.replacing("DATABASE SET", with: "DATABASE \(production.database.name) SET"))
        for path in [production.dump, try production.dumpWithout(1000, of: "orders")] {
            let report = try production.verify(path)
            let isProved = hole.isNarrowing && path == production.dump
            #expect(report.conclusion.verdict == (isProved ? .verified : .inconclusive), "\(report.story)")
            #expect(report.conclusion.proof == .bounds || !isProved)
            guard !isProved else { continue }
            #expect(report.conclusion.reason == .boundsUnknown && report.conclusion.proof != .bounds)
            #expect(report.table("orders")?.proof == .itself)
            #expect(report.bounds?.details.contains { $0.contains("orders") && $0.contains(hole.why) } == true)
        }
    }

    /// Counters begin at zero when a server was killed, and nothing but the archiver's epoch tells.
    @Test func aCrashNeverFailsABackup() throws {
        let server = try TestServer(major: 15)
        let production = try BusyProduction(on: server)
        let victim = try Connection(ConnectionParameters(conninfo: production.database.conninfo))
        kill(try #require(victim.query("SELECT pg_backend_pid()").scalar.flatMap { pid_t($0) }), SIGKILL)
        for _ in 0..<600 {
            usleep(100_000)
            if (try? production.work(Self.busy)) != nil { break }
        }
        for path in [production.dump, try production.dumpWithout(1000, of: "orders")] {
            let report = try production.verify(path)
            #expect(report.conclusion.verdict == .inconclusive, "\(report.story)")
            #expect(report.conclusion.reason == .boundsUnknown)
        }
    }

    @Test func rolledBackWorkOnlyWidensTheBounds() throws {
        let production = try BusyProduction(on: .shared())
        try production.work("BEGIN; INSERT INTO orders (note) SELECT 'x' FROM generate_series(1, 5000); ROLLBACK")
        let report = try production.verify()
        #expect(report.conclusion.verdict == .verified && report.conclusion.proof == .bounds, "\(report.story)")
        #expect(report.table("orders")?.bounds == 5000...10_000)
        // Beyond them it is still seen.
        let cut = try production.verify(try production.dumpWithout(6000, of: "orders"))
        #expect(cut.conclusion.reason == .rowsDiffer && cut.conclusion.verdict == .failed, "\(cut.story)")
    }

    /// A session that went from one transaction into the next reports neither before it ends.
    @Test func whatASessionHoldsBackFailsNoBackup() throws {
        let production = try BusyProduction(on: .shared())
        let session = try Connection(ConnectionParameters(conninfo: production.database.conninfo))
        // The first report is at once, the next not within a second.
        try session.execute("SELECT pg_stat_force_next_flush()")
        try session.execute("INSERT INTO orders (note) VALUES ('x')")
        try session.execute("DELETE FROM users WHERE id <= 5000")
        try session.execute("BEGIN; SELECT 1")
        let report = try production.verify()
        #expect(report.conclusion.verdict == .inconclusive, "\(report.story)")
        #expect(report.bounds?.details.contains { $0.contains("users") && $0.contains("at its end only") } == true)
        try session.execute("COMMIT")
        try session.execute(BusyProduction.flush)
        let after = try production.verify()
        #expect(after.conclusion.verdict == .verified && after.conclusion.proof == .bounds, "\(after.story)")
    }

    /// The next reading shows what was reported late.
    @Test func whatIsReportedLateIsWaitedFor() throws {
        let production = try BusyProduction(on: .shared())
        let session = try Connection(ConnectionParameters(conninfo: production.database.conninfo))
        try session.execute("SELECT pg_stat_force_next_flush()")
        try session.execute("INSERT INTO orders (note) VALUES ('x')")
        try session.execute("DELETE FROM users WHERE id <= 5000")
        try session.execute("BEGIN; SELECT 1")
        let readings = Mutex(0)
        let report = try production.verify(
            meanwhile: {
                let reading = readings.withLock { count in
                    count += 1
                    return count
                }
                // No error can pass here; a failure shows as another verdict.
                if reading == 2 { _ = try? session.execute("COMMIT; \(BusyProduction.flush)") }
            }, adjusting: { $0.attempts = 5 })
        #expect(report.conclusion.verdict == .verified && report.conclusion.proof == .bounds, "\(report.story)")
        #expect(readings.withLock { $0 } == 2)
    }

    @Test func aRoleThatSeesNoSessionsFailsNothing() throws {
        let production = try BusyProduction(
            on: .shared(),
            before: """
                DO $$ BEGIN CREATE ROLE bounds_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                GRANT SELECT ON ALL TABLES IN SCHEMA public TO bounds_reader
                """)
        let cut = try production.verify(try production.dumpWithout(10, of: "users"), user: "bounds_reader")
        #expect(cut.conclusion.reason == .boundsUnknown, "\(cut.story)")
        #expect(cut.bounds?.details.contains { $0.contains("pg_monitor") } == true)
        #expect(try production.verify(user: "bounds_reader").conclusion.proof == .bounds)
    }

    /// What one side lacks is a matter of the schema.
    @Test func tablesThatComeAndGoAreNotJudged() throws {
        let production = try BusyProduction(on: .shared())
        try production.work("DROP TABLE users; CREATE TABLE added (x int); INSERT INTO added VALUES (1)")
        let report = try production.verify()
        #expect(report.conclusion.verdict == .verified && report.conclusion.proof == .itself, "\(report.story)")
        #expect(report.table("orders")?.proof == .bounds && report.table("users")?.proof == .itself)
        #expect(report.bounds?.message.contains("2 not compared") == true)
    }

    /// One that was there all the time and is not in the dump may have been left out on purpose.
    @Test func aTableThatIsLeftOutIsAQuestion() throws {
        let production = try BusyProduction(on: .shared())
        let partial = try production.database.dump(["-T", "orders"], to: production.directory.file("partial.sql"))
        let report = try production.verify(partial)
        #expect(report.conclusion.reason == .boundsUnknown, "\(report.story)")
        #expect(report.bounds?.details.contains { $0.contains("orders") && $0.contains("left out") } == true)
        let said = try production.verify(
            partial, adjusting: { $0.unbounded = [TableName(schema: "public", name: "orders")] })
        #expect(said.conclusion.verdict == .verified && said.conclusion.proof == .bounds, "\(said.story)")
        let empty = try production.database.dump(
            ["--exclude-table-data=orders"], to: production.directory.file("empty.sql"))
        #expect(try production.verify(empty).conclusion.reason == .boundsUnknown)
    }

    /// What can't be asked leaves the proof as it was, and says so.
    @Test func withoutSamplesOrProductionTheBackupProvesItself() throws {
        let production = try BusyProduction(on: .shared())
        let never = try production.verify(hasSamples: false)
        #expect(never.conclusion.verdict == .verified && never.conclusion.proof == .itself, "\(never.story)")
        #expect(never.bounds == nil && never.conclusion.notes.contains { $0.contains("not sampled before") })
        let down = try production.verify(adjusting: { $0.connection.values["host"] = "/nonexistent" })
        #expect(down.conclusion.verdict == .verified && down.conclusion.proof == .itself, "\(down.story)")
        #expect(down.conclusion.notes.contains { $0.contains("could not be asked") })
    }

    /// A standby that lags shows fewer rows than the backup; the primary, which answers once the standby is gone, never lost
    /// any.
    @Test func aStandbyIsNoReference() throws {
        let primary = try TestServer(major: 15)
        let production = try BusyProduction(on: primary)
        let standby = try TestServer(standbyOf: primary)
        try standby.maintenance.run("SELECT pg_wal_replay_pause()")
        let deadline = ContinuousClock.now + .seconds(60)
        while try standby.maintenance.query("SELECT pg_get_wal_replay_pause_state()") != "paused" {
            guard ContinuousClock.now < deadline else { throw TestFailure("the standby goes on") }
        }
        try production.work("INSERT INTO users SELECT n, 'new' FROM generate_series(20001, 21000) n")
        let later = try production.database.dump(to: production.directory.file("later.sql"))
        let alone = try production.verify(later)
        #expect(alone.conclusion.verdict == .verified && alone.conclusion.proof == .bounds, "\(alone.story)")
        let report = try production.verify(
            later, meanwhile: { standby.stop() },
            adjusting: { $0.connection.values["host"] = "\(standby.socketDirectory),\(primary.socketDirectory)" })
        #expect(report.conclusion.verdict == .verified && report.conclusion.proof == .itself, "\(report.story)")
        #expect(report.conclusion.notes.contains { $0.contains("is a standby") }, "\(report.story)")
    }

    /// The wait for late reports ends with the work.
    @Test func waitingEndsWithTheWork() throws {
        let source = BoundsSource(connection: ConnectionParameters([:])) { _, _ in }
        let cancellation = Cancellation()
        let begun = SignalledOnce<Void>()
        DetachedThread.start(named: "cancel") {
            begun.wait()
            cancellation.cancel(Obstacle(.interrupted, "ended"))
        }
        begun.set(())
        let error = #expect(throws: Obstacle.self) { try source.pause(.seconds(3600), cancellation) }
        #expect(error?.reason == .interrupted)
        try source.pause(.milliseconds(1), Cancellation())
    }
}
