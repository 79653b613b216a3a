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
        #expect(
            error?.message == "the scratch server ended by itself (killed)"
                || error?.message == "the scratch server ended by itself (signal 9)")
        server.stop()
        #expect(cancellation.obstacle?.reason == .serverFailed)
        #expect(root.scratch.isEmpty)
    }

    /// What somebody reads at night: the reason in one line, not the log of a start.
    @Test(arguments: [
        ("signal 9", "", ""),
        (
            "signal 9",
            "2026-11-21 02:00:00.123 UTC [7] LOG:  starting PostgreSQL 15\n2026-11-21 02:00:00.125 UTC [7] LOG:  database system is ready",
            ""
        ),
        (
            "exit status 1",
            "2026-11-21 02:00:00.123 UTC [7] LOG:  starting PostgreSQL 15\n2026-11-21 02:00:01.000 UTC [7] FATAL:  no\n2026-11-21 02:00:01.000 UTC [7] HINT:  x",
            ": FATAL:  no"
        ),
        (
            "exit status 1",
            "2026-11-21 02:00:01.000 UTC [7] LOG:  server process (PID 9) was terminated by signal 9: Killed\n2026-11-21 02:00:01.100 UTC [7] PANIC:  no",
            ": LOG:  server process (PID 9) was terminated by signal 9: Killed; PANIC:  no"
        ),
        (
            "exit status 127", "postgres: error while loading shared libraries: libx.so",
            ": postgres: error while loading shared libraries: libx.so"
        ),
    ])
    func theEndOfAServerIsSaidInOneLine(end: String, log: String, why: String) {
        let obstacle = WardenHandle.serverEnded(end, log)
        #expect(obstacle.message == "the scratch server ended by itself (\(end))\(why)")
        #expect(obstacle.hint != nil)
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
        let error = #expect(throws: Obstacle.self) { try ScratchRoot(link) }
        #expect(error?.message.contains("is a symbolic link") == true)
        let open = root.path + "/open"
        mkdir(open, 0o777)
        chmod(open, 0o777)
        #expect(throws: Obstacle.self) { try ScratchRoot(open) }
        #expect(throws: Obstacle.self) { try ScratchRoot("relative") }
        let far = #expect(throws: Obstacle.self) { try ScratchRoot(root.path + "/not/there") }
        #expect(far?.message.hasSuffix("/not/there can't be made: \(root.path)/not does not exist") == true)
        #expect(far?.hint?.hasPrefix("mkdir -p \(root.path)/not, or choose another place") == true)
        let file = #expect(throws: Obstacle.self) { try ScratchRoot("/etc/hostname/scratch") }
        #expect(file?.reason == .unreadable && file?.hint?.contains("--scratch-directory") == true)
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
