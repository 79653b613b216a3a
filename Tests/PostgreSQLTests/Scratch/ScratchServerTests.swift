import Backups
import Glibc
import Processes
import Testing
import TestSupport

@testable import PostgreSQL

@Suite struct ScratchServerTests {
    @Test func startsAnswersAndLeavesNothing() throws {
        let root = try TemporaryRoot()
        let server = try SharedScratch.start(root.configuration)
        let connection = try server.connect()
        #expect(try connection.query("SELECT current_user").scalar == "restorable_scratch")
        #expect(try connection.query("SHOW lc_messages").scalar == "C")
        #expect(try connection.query("SHOW fsync").scalar == "off")
        #expect(try connection.query("SELECT upper('ä')").scalar == "Ä")
        #expect(connection.serverMajor == server.installation.major)
        #expect(root.scratch.count == 1)
        server.stop()
        #expect(root.scratch.isEmpty)
        #expect(RootProcesses.find(below: root.path).isEmpty)
    }

    /// What keeps a dump away from others, and what makes a load fast: as the server itself says it.
    @Test(arguments: [
        ("listen_addresses", ""), ("archive_mode", "off"), ("max_logical_replication_workers", "0"),
        ("shared_preload_libraries", ""), ("session_preload_libraries", ""), ("local_preload_libraries", ""),
        ("unix_socket_permissions", "0700"), ("dynamic_shared_memory_type", "mmap"), ("wal_level", "minimal"),
        ("full_page_writes", "off"), ("autovacuum", "off"), ("restart_after_crash", "off"), ("max_wal_senders", "0"),
        ("max_parallel_workers_per_gather", "0"), ("max_parallel_maintenance_workers", "0"),
        ("random_page_cost", "1.1"),
        ("jit", "off"), ("ssl", "off"),
    ]) func settingsAreInForce(name: String, value: String) throws {
        #expect(try SharedScratch.server.get().connect().query("SHOW \(name)").scalar == value)
    }

    @Test func settingsCannotBeOverriddenByTheCodeInADump() throws {
        let server = try SharedScratch.server.get()
        let connection = try server.connect()
        try connection.execute("ALTER SYSTEM SET listen_addresses = '*'")
        try connection.execute("ALTER SYSTEM SET archive_mode = on")
        try connection.execute("SELECT pg_reload_conf()")
        let pending = try connection.query(
            "SELECT count(*) FROM pg_settings WHERE name IN ('listen_addresses', 'archive_mode') AND source <> 'command line'"
        )
        #expect(pending.scalar == "0")
        try connection.execute("ALTER SYSTEM RESET ALL")
    }

    /// A server that turned hostile may ask for a password: libpq must have one that is worth nothing.
    @Test func noPasswordOfOursIsEverOfferedToScratch() throws {
        let server = try SharedScratch.server.get()
        let password = try #require(server.parameters().values["password"])
        #expect(!password.isEmpty)
        #expect(try server.connect().parameters.values["password"] == password)
    }

    @Test func durableProfileIsDurable() throws {
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.profile = .durable
        let server = try SharedScratch.start(configuration)
        let connection = try server.connect()
        #expect(try connection.query("SHOW fsync").scalar == "on")
        #expect(try connection.query("SHOW wal_level").scalar == "replica")
        server.stop()
    }

    @Test func aKilledServerIsAnObstacleAndNothingIsLeft() throws {
        let root = try TemporaryRoot()
        let cancellation = Cancellation()
        let server = try SharedScratch.start(root.configuration, cancellation: cancellation)
        let connection = try server.connect()
        connection.onNotice = { _ in ScratchOccupants.end(in: server.directory.data) }
        let error = #expect(throws: Obstacle.self) {
            try connection.execute("DO $$ BEGIN RAISE NOTICE 'now'; END $$; SELECT pg_sleep(60)")
        }
        #expect(error?.reason == .serverFailed)
        #expect(error?.message.contains("ended by itself") == true)
        server.stop()
        #expect(cancellation.obstacle?.reason == .serverFailed)
        #expect(root.scratch.isEmpty)
    }

    @Test func aPathTooLongForASocketIsSaidAtOnce() throws {
        let root = try TemporaryRoot()
        let long = root.path + "/" + String(repeating: "d", count: 100 - root.path.utf8.count - 1)
        var configuration = root.configuration
        configuration.directory = long
        let error = #expect(throws: Obstacle.self) { try SharedScratch.start(configuration) }
        #expect(error?.hint?.contains("bytes") == true)
    }

    @Test func aRootThatIsALinkOrWritableByOthersIsRefused() throws {
        let root = try TemporaryRoot()
        let link = root.path + "/link"
        symlink("/var/tmp", link)
        #expect(throws: Obstacle.self) { try ScratchRoot(link) }
        let open = root.path + "/open"
        mkdir(open, 0o777)
        chmod(open, 0o777)
        #expect(throws: Obstacle.self) { try ScratchRoot(open) }
        #expect(throws: Obstacle.self) { try ScratchRoot("relative") }
    }

    @Test func aLibraryThatCannotBePreloadedIsNamed() throws {
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.preload = ["no_such_library"]
        let error = #expect(throws: Obstacle.self) { try SharedScratch.start(configuration) }
        #expect(error?.reason == .extensionMissing)
        #expect(error?.message.contains("no_such_library") == true)
        #expect(root.scratch.isEmpty)
    }
}
