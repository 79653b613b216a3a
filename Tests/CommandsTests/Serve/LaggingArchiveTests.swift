import Glibc
import Processes
import TestSupport
import Testing

/// From an archiver that stands still, and an archive that nobody can see, to what is said of the point one could recover to:
/// real things, and the rules as they are shipped.
@Suite struct LaggingArchiveTests {
    private let directory: TemporaryDirectory
    private let server: ArchivingServer

    init() throws {
        directory = try TemporaryDirectory()
        let archive = directory.file("wal")
        // An idle one writes nothing at all.
        server = try ArchivingServer(
            into: archive,
            settings: [
                "archive_command": "test ! -e \(directory.file("stopped")) && cp %p \(archive)/%f",
                "archive_timeout": "1s", "autovacuum": "off",
            ])
        try server.write(transactions: 20)
        mkdir(directory.file("base"), 0o755)
        try server.baseBackup([], to: directory.file("base/first"))
        // All that is there beside the log is far older than may be lost.
        mkdir(directory.file("dumps"), 0o755)
        let dump = try directory.write("-- a dump\n", to: "dumps/shop.sql")
        try Tool.run("touch", ["--date", "5 hours ago", dump])
    }

    private func started() throws -> DaemonProcess {
        try DaemonProcess(
            """
            production_interval: 1s
            databases:
              - name: shop
                connection: "\(server.server.conninfo())"
                backups: { location: \(directory.file("dumps")), match: "*.sql" }
                wal_archive: { location: \(server.archive), base: \(directory.file("base")), interval: 1s, grace: 2s }
                objectives: { rpo: 20s, wal_lag: 10s }
                suspend: true
            """, in: directory, scratch: directory.file("scratch"))
    }

    private func write() throws -> ChildProcess {
        try ChildProcess.start(
            Command(
                server.server.installation.tool("pgbench"),
                [
                    "-h", server.server.socketDirectory, "-U", TestServer.superuser, "-n", "-R", "50", "-T", "3600",
                    "postgres",
                ],
                parentDeathSignal: .kill))
    }

    /// As `docs/rehearsals/lagging-archive.md` promises.
    @Test func whatCouldBeLostGrowsWhileTheArchiverFails() throws {
        let writer = try write()
        defer { writer.terminate() }
        let daemon = try started()
        try daemon.waitForMetric("postgres_wal_archive_awaited{database=\"shop\"} 0")
        let monitoring = try Monitoring(scraping: daemon.address, in: directory)
        try monitoring.wait(for: ["Watchdog"])

        let stopped = try directory.write("", to: "stopped")
        try monitoring.wait(for: ["Watchdog", "WALArchivingLag shop", "RecoveryPointExceeded shop"])
        let said = try daemon.get("/api/v1/databases")
        #expect(said.contains(#""recovery-point""#) && said.contains(#""wal-lag""#), "\(said)")
        // Nothing is wrong with what the archive holds.
        try daemon.waitForMetric(#"postgres_wal_archive_status{database="shop",status="verified"} 1"#)

        unlink(stopped)
        try monitoring.wait(for: ["Watchdog"])
        #expect(try !daemon.get("/api/v1/databases").contains(#""recovery-point""#))
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }

    /// The age of the dump is not what would be lost, as long as nobody knows what the log holds beyond it.
    @Test func anArchiveThatWasNeverSeenTellsNoLoss() throws {
        let newest = "\(server.archive)/\(try server.archiveAll())"
        #expect(try TestFile.size(newest) > 0)
        try Tool.run("mv", [server.archive, server.archive + ".away"])
        let daemon = try started()
        try daemon.waitForMetric("postgres_wal_archive_up{database=\"shop\"} 0")
        try daemon.waitForMetric("postgres_wal_archive_awaited{database=\"shop\"} 1")
        let monitoring = try Monitoring(scraping: daemon.address, in: directory)
        try monitoring.wait(for: ["Watchdog", "WALArchiveUnreachable shop"])
        let said = try daemon.get("/api/v1/databases")
        #expect(said.contains(#""wal-archive-down""#) && !said.contains(#""recovery-point""#), "\(said)")
        #expect(said.contains(#""data_at_risk_seconds":null"#), "\(said)")
        #expect(try daemon.get("/metrics").contains(#"backup_last_completed_timestamp_seconds{database="shop"}"#))

        // It can be seen, and ends too long ago: now that is known.
        try Tool.run("mv", [server.archive + ".away", server.archive])
        try monitoring.wait(for: ["Watchdog", "RecoveryPointExceeded shop"])
        #expect(try daemon.get("/api/v1/databases").contains(#""recovery-point""#))
        let writer = try write()
        defer { writer.terminate() }
        try monitoring.wait(for: ["Watchdog"])
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }
}
