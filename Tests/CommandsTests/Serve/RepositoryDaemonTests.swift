import Glibc
import Processes
import TestSupport
import Testing

/// The daemon over what tools keep: what Prometheus sees of it.
@Suite(.serialized) struct RepositoryDaemonTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A drill of a random moment is due at once.
    private func configuration(_ address: String) -> String {
        """
        databases:
          - name: shop
            backups: { location: "\(address)" }
            wal_archive: { location: "\(address)", interval: 1s, grace: 0s }
            schedule: after_each_backup
            jitter: 0s
            objectives: { recovery_window: 7d }
            drill: { every: 1d, to: random, queries: [{ name: all, sql: "SELECT count(*) >= 100 FROM orders" }] }

        """
    }

    @Test(arguments: RepositoryKeeper.allCases) func aRepositoryIsALocationAndAnArchive(keeper: RepositoryKeeper) throws
    {
        let production = try keeper.makeServer()
        let shop = try production.server.createDatabase(named: "shop")
        try shop.run("CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 100) g")
        try (production as? BarmanCloudServer)?.beginArchiving()
        let label = try production.backUp()
        let times = try production.times(of: label)
        // Commits behind the second in which it was completed: without them there is no window.
        try DaemonProcess.eventually("a later second", every: 20_000) {
            try shop.query("SELECT extract(epoch FROM clock_timestamp()) > \(times.completed + 1)") == "t"
        }
        for id in 101...102 {
            try shop.run("INSERT INTO orders VALUES (\(id))")
            try production.archiveAll()
        }
        let daemon = try DaemonProcess(
            configuration(production.address), in: directory, scratch: directory.file("scratch"),
            variables: production.variables)
        for line in [
            #"backup_location_up{database="shop"} 1"#, #"backup_catalog_backups{database="shop"} 1"#,
            #"backup_info{database="shop",engine="postgresql",kind="physical"} 1"#,
            #"postgres_wal_archive_up{database="shop"} 1"#,
            #"postgres_wal_archive_missing_segments{database="shop"} 0"#,
            #"backup_verification_status{database="shop",status="verified"} 1"#,
            #"backup_restored_rows{database="shop"} 100"#, #"backup_drill_status{database="shop",status="verified"} 1"#,
        ] {
            try daemon.waitForMetric(line)
        }
        let page = try daemon.get("/metrics")
        // Barman's listing tells when a backup ended, and what it tells of one by itself when it began, too.
        #expect(value("backup_data_timestamp_seconds", page) == (keeper == .barman ? nil : times.began))
        #expect(value("backup_last_completed_timestamp_seconds", page) == times.completed)
        // What came back was begun when its own label says, which tools that say it themselves ask for a moment before.
        let verified = try #require(value("backup_verified_backup_timestamp_seconds", page))
        #expect((times.began...times.completed).contains(verified))
        let start = try #require(value("postgres_recovery_window_start_timestamp_seconds", page))
        let end = try #require(value("postgres_recovery_window_end_timestamp_seconds", page))
        #expect(start <= times.completed && times.completed < end)
        #expect(value("backup_recoverable_until_timestamp_seconds", page) == end)
        // To a moment of the window, out of the tool's own archive.
        let drills = try daemon.get("/api/v1/verifications?database=shop&kind=drill")
        #expect(drills.contains(#""kind":"drill","target":"20"#), "\(drills)")
        #expect(value("backup_drill_replayed_bytes", page) ?? 0 >= 1_048_576)

        let listed = try Restorable.run(
            ["backups", "--config", directory.file("restorable.yml"), "--json"],
            environment: production.variables)
        let member = #"\#(label)","kind":"physical","format":"\#(production.format)""#
        #expect(listed.outputText.contains(member), "\(listed.outputText)\(listed.errorText)")
        if let production = production as? PgBackRestServer { try laterBackups(production, label, shop, daemon) }
        #expect(try daemon.end(SIGTERM) == .exited(0))
        #expect(try TestFile.names(in: directory.file("scratch")).filter { $0.hasPrefix("scratch-") } == [])
    }

    /// One more that goes on from the first, in which a file is damaged then.
    private func laterBackups(
        _ production: PgBackRestServer, _ full: String, _ shop: TestDatabase, _ daemon: DaemonProcess
    ) throws {
        try shop.run("INSERT INTO orders SELECT g FROM generate_series(103, 300) g")
        let file = try production.dataFile(of: full)
        try production.backUp("incr")
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 2"#)
        try daemon.waitForMetric(#"backup_restored_rows{database="shop"} 300"#)
        try Damage.flipBit(UInt64(try TestFile.size(file)) * 4).copy(file, to: file)
        try production.backUp("diff")
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="failed"} 1"#)
        // What can't be listed is not empty.
        try Tool.run("mv", [production.repository, production.repository + ".away"])
        try daemon.waitForMetric(#"backup_location_up{database="shop"} 0"#)
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 3"#)
        try Tool.run("mv", [production.repository + ".away", production.repository])
    }

    /// In whole seconds, as tools tell them.
    private func value(_ name: String, _ page: String) -> Int? {
        let series = name + #"{database="shop"} "#
        return page.split(separator: "\n").first { $0.hasPrefix(series) }
            .flatMap { Double($0.dropFirst(series.count)) }.map { Int($0) }
    }
}
