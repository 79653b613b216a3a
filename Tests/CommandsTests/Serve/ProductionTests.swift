import Glibc
import Processes
import TestSupport
import Testing

/// The daemon watching real servers: what Prometheus sees of them.
@Suite(.serialized) struct ProductionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func configuration(_ connections: [(name: String, connection: String)]) -> String {
        "production_interval: 1s\ndatabases:\n"
            + connections.map { name, connection in
                """
                  - name: \(name)
                    connection: "\(connection)"
                    backups: { location: \(directory.path) }
                    objectives: { wal_lag: 10m }
                    disk: { path: / }

                """
            }.joined()
    }

    private static func finishSegment(_ server: TestServer) throws {
        try server.maintenance.run(
            "CREATE TABLE IF NOT EXISTS t (n int); INSERT INTO t VALUES (1); SELECT pg_switch_wal()")
    }

    /// The value of a series of `/metrics`; `nil` where it is absent.
    private static func value(_ series: String, _ daemon: DaemonProcess) throws -> Double? {
        try daemon.get("/metrics").split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    @Test func showsHowFarTheArchiveIsBehind() throws {
        let failing = try TestServer(settings: ["archive_mode": "on", "archive_command": "test -e ../mended"])
        let working = try TestServer(settings: ["archive_mode": "on", "archive_command": "cp %p ../%f"])
        let off = try TestServer.shared()
        for server in [failing, working] { try Self.finishSegment(server) }
        let daemon = try DaemonProcess(
            configuration([
                ("failing", failing.conninfo()), ("working", working.conninfo()), ("off", off.conninfo()),
            ]), in: directory)
        for name in ["failing", "working", "off"] {
            try daemon.waitForMetric(#"postgres_connection_up{database="\#(name)"} 1"#)
        }
        try daemon.waitForMetric(#"postgres_wal_archived_segments_total{database="working"} 1"#)
        try daemon.waitForMetric(#"postgres_wal_archiving_lag_seconds{database="working"} 0"#)
        try daemon.waitForMetric(#"postgres_wal_archive_ready_segments{database="working"} 0"#)
        try daemon.waitForMetric(#"postgres_wal_archive_ready_segments{database="failing"} 1"#)
        try daemon.waitForMetric(#"postgres_wal_archiving_lag_objective_seconds{database="failing"} 600"#)
        try DaemonProcess.eventually("a failure and a lag") {
            let failures = try Self.value(#"postgres_wal_archive_failures_total{database="failing"}"#, daemon) ?? 0
            let lag = try Self.value(#"postgres_wal_archiving_lag_seconds{database="failing"}"#, daemon) ?? 0
            return failures > 0 && lag > 0
        }
        let bytes = try Self.value(#"postgres_wal_unarchived_bytes{database="failing"}"#, daemon)
        #expect(try #require(bytes) >= 16_777_216)
        #expect(try Self.value(#"postgres_disk_capacity_bytes{database="off"}"#, daemon) ?? 0 > 1_000_000)
        #expect(try !daemon.get("/metrics").contains(#"postgres_wal_archiving_lag_seconds{database="off"}"#))
        #expect(try daemon.get("/databases/failing").contains("Segments ready"))

        // The next segment wakes the archiver, which pauses for a minute after three failures.
        try Tool.run("touch", ["\(failing.socketDirectory)/mended"])
        try Self.finishSegment(failing)
        try daemon.waitForMetric(#"postgres_wal_archiving_lag_seconds{database="failing"} 0"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }

    @Test func aServerThatIsGoneIsAMetricAndNothingElse() throws {
        let place = directory.file("production")
        let first = try TestServer(settings: ["archive_mode": "on", "archive_command": "cp %p ../%f"])
        try Tool.run("ln", ["-s", first.socketDirectory, place])
        let daemon = try DaemonProcess(
            configuration([("shop", "host=\(place) dbname=postgres user=\(TestServer.superuser)")]), in: directory)
        try daemon.waitForMetric(#"postgres_connection_up{database="shop"} 1"#)
        let lag = #"postgres_wal_archiving_lag_seconds{database="shop"}"#
        try daemon.waitForMetric("\(lag) 0")
        first.stop()
        try daemon.waitForMetric(#"postgres_connection_up{database="shop"} 0"#)
        // What it last said stays.
        #expect(try Self.value(lag, daemon) == 0)
        let databases = try daemon.get("/api/v1/databases")
        #expect(databases.contains("can't connect to \(place)"))
        #expect(try daemon.get("/-/healthy").contains("healthy"))

        // A daemon that was started since knows that it does not answer, and nothing that it once said.
        #expect(try daemon.end(SIGTERM) == .exited(0))
        let again = try DaemonProcess(
            configuration([("shop", "host=\(place) dbname=postgres user=\(TestServer.superuser)")]), in: directory)
        try again.waitForMetric(#"postgres_connection_up{database="shop"} 0"#)
        #expect(try Self.value(lag, again) == nil)
        #expect(try Self.value(#"postgres_disk_capacity_bytes{database="shop"}"#, again) ?? 0 > 1_000_000)
        let second = try TestServer(settings: ["archive_mode": "on", "archive_command": "cp %p ../%f"])
        try Tool.run("ln", ["-sfn", second.socketDirectory, place])
        try again.waitForMetric(#"postgres_connection_up{database="shop"} 1"#)
        try again.waitForMetric("\(lag) 0")
    }

    @Test func aServerThatHangsDelaysNeitherScrapesNorTheEnd() throws {
        let server = try TestServer()
        let daemon = try DaemonProcess(configuration([("shop", server.conninfo())]), in: directory)
        try daemon.waitForMetric(#"postgres_connection_up{database="shop"} 1"#)
        var sessions: [pid_t] = []
        try DaemonProcess.eventually("a session") {
            let text = try server.maintenance.query(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'restorable'")
            sessions = text.split(separator: "\n").compactMap { pid_t($0) }
            return !sessions.isEmpty
        }
        for session in sessions { kill(session, SIGSTOP) }
        defer { for session in sessions { kill(session, SIGCONT) } }
        // By now it waits for an answer; a scrape does not.
        usleep(1_500_000)
        let clock = ContinuousClock()
        let scrape = try clock.measure { _ = try daemon.get("/metrics") }
        #expect(scrape < .seconds(2))
        let start = clock.now
        #expect(try daemon.end(SIGTERM) == .exited(0))
        #expect(clock.now - start < .seconds(20))
    }

    @Test func aReloadDropsWhatIsConfiguredNoMore() throws {
        let server = try TestServer.shared()
        let database = try server.createDatabase()
        let (first, second) = (("shop", database.conninfo), ("second", server.conninfo()))
        let daemon = try DaemonProcess(configuration([first, second]), in: directory)
        try daemon.waitForMetric(#"postgres_connection_up{database="shop"} 1"#)
        try daemon.waitForMetric(#"postgres_connection_up{database="second"} 1"#)
        try DaemonProcess.write(configuration([second]), in: directory)
        daemon.signal(SIGHUP)
        try DaemonProcess.eventually("the session ends") {
            try server.maintenance.query("SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database.name)'")
                == "0"
        }
        #expect(try !daemon.get("/metrics").contains(#"{database="shop"}"#))
        try daemon.waitForMetric(#"postgres_connection_up{database="second"} 1"#)
    }
}
