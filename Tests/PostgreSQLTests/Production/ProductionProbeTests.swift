import Backups
import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

/// Real servers, each with an archiver of its own kind.
@Suite(.serialized) struct ProductionProbeTests {
    private static func server(archiving command: String, major: Int = 15) throws -> TestServer {
        try TestServer(major: major, settings: ["archive_mode": "on", "archive_command": command])
    }

    private static func probe(_ server: TestServer, as role: String = TestServer.superuser) throws -> ProductionProbe {
        try ProductionProbe(ConnectionParameters(conninfo: server.conninfo(user: role)))
    }

    /// Writes something and finishes the segment: it waits to be archived from then on.
    private static func finishSegment(_ server: TestServer) throws {
        try server.maintenance.run(
            "CREATE TABLE IF NOT EXISTS t (n int); INSERT INTO t VALUES (1); SELECT pg_switch_wal()")
    }

    /// Asks until the facts are as they should become: the archiver is another process.
    private static func facts(
        _ probe: ProductionProbe, _ what: String, where condition: (ArchivingFacts) -> Bool
    ) throws -> ArchivingFacts {
        let deadline = ContinuousClock.now + .seconds(60)
        var last: ArchivingFacts?
        while ContinuousClock.now < deadline {
            last = ArchivingFacts(try probe.read().reading)
            if let last, condition(last) { return last }
            usleep(50_000)
        }
        throw TestFailure("not within a minute: \(what): \(String(describing: last))")
    }

    @Test(arguments: TestInstallation.all.map(\.major))
    func whatIsArchivedDoesNotLag(major: Int) throws {
        let server = try Self.server(archiving: "cp %p ../%f", major: major)
        let probe = try Self.probe(server)
        try Self.finishSegment(server)
        let facts = try Self.facts(probe, "archived") { $0.archivedSegments == 1 && $0.readySegments == 0 }
        #expect(facts.lagSeconds == 0)
        #expect(facts.failures == 0)
        #expect(facts.lastFailure == nil)
        let success = try #require(facts.lastSuccess)
        #expect(abs(success.seconds(since: .now())) < 60)
        #expect(try #require(facts.unarchivedBytes) < 16 << 20)

        // The unfinished segment is a loss all the same, and an old one.
        try server.maintenance.run("INSERT INTO t SELECT generate_series(1, 1000)")
        let before = facts.unarchivedBytes ?? 0
        let written = try Self.facts(probe, "written") { $0.unarchivedBytes ?? 0 > before + 50_000 }
        #expect(try #require(written.unarchivedBytes) < 16 << 20)
        #expect(try #require(written.unarchivedAgeSeconds) > 0)
        #expect(written.lagSeconds == 0)
    }

    @Test func whatIsNotArchivedLagsFromItsFirstSegment() throws {
        // Fails until a file is there that mends it.
        let server = try Self.server(archiving: "test -e ../mended")
        let probe = try Self.probe(server)
        try Self.finishSegment(server)
        let first = try Self.facts(probe, "a failure") { $0.failures > 0 && $0.lagSeconds ?? 0 > 0 }
        #expect(first.readySegments == 1)
        #expect(first.archivedSegments == 0)
        #expect(first.lastSuccess == nil)
        #expect(first.lastFailure != nil)
        #expect(try #require(first.unarchivedBytes) >= 16 << 20)

        try Self.finishSegment(server)
        let second = try #require(ArchivingFacts(try probe.read().reading))
        #expect(second.readySegments == 2)
        #expect(try #require(second.unarchivedBytes) >= 32 << 20)
        #expect(try #require(second.lagSeconds) > first.lagSeconds ?? .infinity)

        // Mended, it catches up: the next segment wakes the archiver, which pauses for a minute after three failures.
        try Tool.run("touch", ["\(server.socketDirectory)/mended"])
        try Self.finishSegment(server)
        let mended = try Self.facts(probe, "caught up") { $0.readySegments == 0 && $0.archivedSegments > 2 }
        #expect(mended.lagSeconds == 0)
        #expect(mended.archivedSegments == 3)
        #expect(mended.lastFailure != nil)
    }

    @Test func aServerWithoutACommandLagsWithoutAFailure() throws {
        let server = try Self.server(archiving: "")
        try Self.finishSegment(server)
        let facts = try Self.facts(try Self.probe(server), "a lag") { $0.lagSeconds ?? 0 > 0 }
        #expect(facts.failures == 0)
        #expect(facts.readySegments == 1)
    }

    @Test func whoDoesNotArchiveHasASizeOnly() throws {
        let database = try TestServer.shared().createDatabase()
        let probe = try ProductionProbe(ConnectionParameters(conninfo: database.conninfo))
        let (reading, gaps) = try probe.read()
        #expect(reading.archiveMode == .off)
        #expect(ArchivingFacts(reading) == nil)
        #expect(gaps == [])
        let before = try #require(reading.databaseBytes)
        try database.run("CREATE TABLE t AS SELECT repeat('x', 100) FROM generate_series(1, 10000)")
        #expect(try #require(probe.read().reading.databaseBytes) > before + 1_000_000)
    }

    @Test func aStandbyArchivesOnlyWhenItIsToldTo() throws {
        let primary = try TestServer()
        let quiet = try StandbyServer(of: primary, settings: ["archive_mode": "on", "archive_command": "false"])
        let (reading, gaps) = try ProductionProbe(ConnectionParameters(conninfo: quiet.conninfo)).read()
        #expect(reading.isInRecovery)
        #expect(gaps == [])
        #expect(ArchivingFacts(reading) == nil)
        #expect(reading.databaseBytes != nil)

        let always = try StandbyServer(of: primary, settings: ["archive_mode": "always", "archive_command": "false"])
        let probe = try ProductionProbe(ConnectionParameters(conninfo: always.conninfo))
        try Self.finishSegment(primary)
        let facts = try Self.facts(probe, "a segment that waits") {
            $0.readySegments ?? 0 > 0 && $0.lagSeconds ?? 0 > 0
        }
        #expect(try #require(facts.unarchivedBytes) > 0)
        #expect(facts.archivedSegments == 0)
    }

    @Test func aMonitorMayAskEverything() throws {
        let server = try Self.server(archiving: "false")
        try server.maintenance.run("CREATE ROLE watcher LOGIN; GRANT pg_monitor TO watcher")
        try Self.finishSegment(server)
        let (reading, gaps) = try Self.probe(server, as: "watcher").read()
        #expect(gaps == [])
        #expect(ArchivingFacts(reading)?.readySegments == 1)
        #expect(reading.databaseBytes != nil)
    }

    @Test func aRoleWithoutGrantsIsToldWhichOneItLacks() throws {
        let server = try Self.server(archiving: "false")
        try server.maintenance.run(#"CREATE ROLE "O'Nobody" LOGIN"#)
        try Self.finishSegment(server)
        let probe = try ProductionProbe(
            ConnectionParameters(
                conninfo: "host=\(server.socketDirectory) dbname=postgres user='O\\'Nobody'"))
        let (reading, gaps) = try probe.read()
        let facts = try #require(ArchivingFacts(reading))
        #expect(facts.lagSeconds == nil)
        #expect(facts.readySegments == nil)
        #expect(reading.databaseBytes != nil)
        try #require(gaps.count == 1)

        // What it is told to do is what helps, on the same connection.
        let grant = try #require(gaps.first?.split(separator: "; ").last.map(String.init))
        #expect(grant == #"GRANT pg_monitor TO "O'Nobody""#)
        try server.maintenance.run(grant)
        let (again, none) = try probe.read()
        #expect(none == [])
        #expect(ArchivingFacts(again)?.readySegments == 1)
    }

    @Test func nobodyElsesFunctionIsCalled() throws {
        let database = try TestServer.shared().createDatabase()
        try database.run(
            """
            CREATE SCHEMA evil;
            CREATE FUNCTION evil.pg_database_size(name) RETURNS bigint LANGUAGE sql AS 'SELECT 7::bigint';
            CREATE FUNCTION evil.seven(numeric, int) RETURNS numeric LANGUAGE sql AS 'SELECT 7::numeric';
            CREATE OPERATOR evil.* (LEFTARG = numeric, RIGHTARG = int, FUNCTION = evil.seven);
            ALTER DATABASE \(database.name) SET search_path = evil, pg_catalog;
            """)
        #expect(try database.query("SELECT pg_database_size(current_database())") == "7")
        let (reading, _) = try ProductionProbe(ConnectionParameters(conninfo: database.conninfo)).read()
        #expect(try #require(reading.databaseBytes) > 7)
        #expect(abs(reading.takenAt.seconds(since: .now())) < 60)
    }

    @Test func itNamesItselfAndLeavesNothingOpen() throws {
        let database = try TestServer.shared().createDatabase()
        let probe = try ProductionProbe(ConnectionParameters(conninfo: database.conninfo))
        _ = try probe.read()
        let sessions =
            "SELECT application_name, state FROM pg_stat_activity WHERE datname = '\(database.name)' AND pid <> pg_backend_pid()"
        #expect(try database.query(sessions) == "restorable|idle")
    }

    @Test(arguments: [true, false])
    func aServerThatIsGoneIsALostConnection(isAsked: Bool) throws {
        let server = try TestServer()
        let probe = try Self.probe(server)
        // Whether libpq finds out while it writes or while it reads.
        if isAsked { _ = try probe.read() }
        server.stop()
        for _ in 0..<2 {
            let error = #expect(throws: Obstacle.self) { try probe.read() }
            #expect(error?.reason == .connectionFailed)
        }
    }

    @Test func aSessionThatIsEndedIsALostConnection() throws {
        let server = try TestServer()
        let probe = try Self.probe(server)
        _ = try probe.read()
        try server.maintenance.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'restorable'")
        let error = #expect(throws: Obstacle.self) { try probe.read() }
        #expect(error?.reason == .connectionFailed)
    }

    @Test func aLockedCatalogueIsNotWaitedFor() throws {
        let database = try TestServer.shared().createDatabase()
        let probe = try ProductionProbe(ConnectionParameters(conninfo: database.conninfo))
        let other = try Connection(ConnectionParameters(conninfo: database.conninfo))
        try other.execute("BEGIN; LOCK TABLE pg_catalog.pg_stat_archiver IN ACCESS EXCLUSIVE MODE")
        let error = #expect(throws: Obstacle.self) { try probe.read() }
        #expect(error?.reason == .lockTimeout)
        try other.execute("ROLLBACK")
        // The same connection goes on.
        #expect(try probe.read().reading.databaseBytes != nil)
    }
}
