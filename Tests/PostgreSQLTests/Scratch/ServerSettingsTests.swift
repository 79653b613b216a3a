import Backups
import Glibc
import Processes
import TestSupport
import Testing

@testable import PostgreSQL

/// What keeps a dump away from others and what makes a load fast: each setting, as the server itself says it.
@Suite(.serialized) struct ServerSettingsTests {
    /// Of every scratch server with the memory and jobs of the tests; the socket's directory apart.
    private static let always = [
        "listen_addresses": "", "unix_socket_permissions": "0700", "port": "5432", "archive_mode": "off",
        "max_logical_replication_workers": "0", "shared_preload_libraries": "", "session_preload_libraries": "",
        "local_preload_libraries": "", "shared_buffers": "32MB", "maintenance_work_mem": "16MB", "huge_pages": "off",
        "dynamic_shared_memory_type": "mmap", "max_parallel_workers": "0", "max_parallel_maintenance_workers": "0",
        "max_parallel_workers_per_gather": "0", "random_page_cost": "1.1", "max_locks_per_transaction": "256",
        "max_connections": "20", "jit": "off", "lc_messages": "C", "logging_collector": "off",
        "log_destination": "stderr", "log_min_messages": "log", "log_checkpoints": "off", "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ", "log_error_verbosity": "default",
        "TimeZone": "UTC", "ssl": "off", "cluster_name": "restorable", "restart_after_crash": "off",
    ]

    private static let fast = [
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
        "max_wal_senders": "0", "max_wal_size": "8GB", "checkpoint_timeout": "1d", "bgwriter_lru_maxpages": "0",
        "autovacuum": "off",
    ]

    private static let durable = [
        "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "wal_level": "replica",
        "max_wal_size": "1GB", "autovacuum": "on",
    ]

    private static func expected(_ profile: ScratchProfile, _ major: Int) -> [String: String] {
        var settings = always.merging(profile == .fast ? fast : durable) { $1 }
        if major >= 17 { settings["event_triggers"] = "off" }
        return settings
    }

    /// Both ways: what is expected is in force and comes from where no dump can change it, and nothing else is set there.
    @Test(arguments: [(15, ScratchProfile.fast), (15, .durable), (18, .fast)])
    func theServerHasTheseAndNoOthers(major: Int, profile: ScratchProfile) throws {
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.profile = profile
        let installation = try Installations.find(configured: [TestInstallation.major(major).bin])
            .chooseServer(for: major)
        let server = try SharedScratch.start(configuration, installation: installation)
        defer { server.stop() }
        let connection = try server.connect()
        #expect(connection.serverMajor == major)
        var expected = Self.expected(profile, major)
        expected["unix_socket_directories"] = server.socketDirectory
        let result = try connection.query(
            """
            SELECT name, current_setting(name) FROM pg_settings WHERE name <> 'data_directory' AND (source = 'command line'
                OR source = 'client' AND name IN ('session_preload_libraries', 'local_preload_libraries'))
            """)
        var found: [String: String] = [:]
        for row in result.rows { found[result.text(row, 0) ?? ""] = result.text(row, 1) }
        // Where libpq or the session says otherwise, the session's own value counts, as client_encoding. What would load
        // libraries every session switches off itself: a database's own setting would win over the command line.
        for (name, value) in expected { #expect(found[name] == value, "\(name)") }
        #expect(Set(found.keys).subtracting(expected.keys) == [])
        try expectASealedSocket(server)
        // Nor does a database end our sessions.
        try connection.execute("ALTER DATABASE postgres SET idle_session_timeout = '1s'")
        #expect(try server.connect().query("SHOW idle_session_timeout").scalar == "0")
        let setting = "SELECT setconfig FROM pg_db_role_setting"
        #expect(try connection.query(setting).scalar == "{idle_session_timeout=1s}")
    }

    /// Nobody but the server's user, and we, may come to the socket.
    private func expectASealedSocket(_ server: ScratchServer) throws {
        let directory = try #require(DirectoryTree.status(server.socketDirectory))
        let socket = try #require(DirectoryTree.status("\(server.socketDirectory)/.s.PGSQL.5432"))
        #expect(socket.st_mode & 0o7777 == 0o700)
        if let user = server.isolation.user {
            // It may pass, and not put anything in the socket's place.
            #expect(directory.st_uid == geteuid() && directory.st_gid == user.group)
            #expect(directory.st_mode & 0o7777 == 0o710)
            #expect(socket.st_uid == user.identifier)
        } else {
            #expect(directory.st_uid == geteuid() && directory.st_mode & 0o7777 == 0o700)
        }
        let data = try #require(DirectoryTree.status(server.directory.data))
        #expect(data.st_mode & 0o7777 == 0o700)
    }

    @Test(arguments: [
        (16, 1, "32MB", "16MB"), (128, 2, "32MB", "16MB"), (256, 1, "64MB", "64MB"), (1024, 2, "256MB", "64MB"),
        (1024, 8, "256MB", "32MB"), (65536, 2, "1024MB", "64MB"),
    ])
    func memoryAndJobsAreSharedOut(mebibytes: UInt64, jobs: Int, buffers: String, maintenance: String) {
        let configuration = ScratchConfiguration(directory: "/nonexistent", memory: mebibytes << 20, jobs: jobs)
        let settings = ServerSettings(configuration, major: 15, socketDirectory: "/nonexistent").settings
        func value(_ name: String) -> [String] { settings.filter { $0.name == name }.map(\.value) }
        #expect(value("shared_buffers") == [buffers])
        #expect(value("maintenance_work_mem") == [maintenance])
        #expect(value("max_connections") == ["\(max(20, jobs * 2 + 10))"])
    }

    @Test func onlyLibrariesThatWereAskedForAreLoaded() {
        var configuration = ScratchConfiguration(directory: "/nonexistent", memory: 1 << 30)
        configuration.preload = ["one", "two"]
        let settings = ServerSettings(configuration, major: 18, socketDirectory: "/nonexistent").settings
        let lists = settings.filter { $0.name.hasSuffix("_preload_libraries") }.map { "\($0.name)=\($0.value)" }
        #expect(
            lists == ["shared_preload_libraries=one,two", "session_preload_libraries=", "local_preload_libraries="])
    }
}
