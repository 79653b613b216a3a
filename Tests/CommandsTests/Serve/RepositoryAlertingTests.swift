import Glibc
import Processes
import TestSupport
import Testing

/// From what is wrong in a repository to the alert, and back: the real tools, and the rules as they are shipped.
@Suite(.serialized) struct RepositoryAlertingTests {
    @Test(arguments: [RepositoryKeeper.pgBackRest, .barman])
    func aGapAndADamagedBackupAlarmUntilTheyAreMended(keeper: RepositoryKeeper) throws {
        let production = try #require(try keeper.makeServer() as? any RepositoryOnDisk)
        let shop = try production.server.createDatabase(named: "shop")
        try shop.run("CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 100) g")
        try production.backUp()
        let segments = try (1...3).map { _ in try production.archiveAll() }
        let directory = try TemporaryDirectory()
        let daemon = try DaemonProcess(
            """
            databases:
              - name: shop
                backups: { location: "\(production.address)" }
                wal_archive: { location: "\(production.address)", interval: 1s, grace: 2s }
                schedule: after_each_backup
                jitter: 0s
                objectives: { backup_every: 24h, rpo: 24h, rto: 1h, verify_every: 7d }

            """, in: directory, scratch: directory.file("scratch"), variables: production.variables)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 0"#)
        let monitoring = try Monitoring(scraping: daemon.address, in: directory)
        try monitoring.wait(for: ["Watchdog"])

        let segment = try production.path(ofSegment: segments[1])
        try Tool.run("mv", [segment, directory.file("gone")])
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 1"#)
        try monitoring.wait(for: ["Watchdog", "WALArchiveGap shop"])
        try Tool.run("mv", [directory.file("gone"), segment])
        try monitoring.wait(for: ["Watchdog"])

        // It is damaged before the daemon can look at it.
        daemon.signal(SIGSTOP)
        let damaged = try production.backUp()
        let file = try production.dataFile(of: damaged)
        try Damage.flipBit(UInt64(try TestFile.size(file)) * 4).copy(file, to: file)
        daemon.signal(SIGCONT)
        try monitoring.wait(for: ["Watchdog", "BackupVerificationFailed shop"])

        // A whole backup takes its place: what is left says that a bad one is still there.
        try production.backUp()
        try monitoring.wait(for: ["Watchdog", "BackupKnownBad shop"])
        try production.remove(damaged)
        try monitoring.wait(for: ["Watchdog"])
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 2"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }
}
