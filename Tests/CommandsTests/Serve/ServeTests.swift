import Glibc
import Processes
import TestSupport
import Testing

/// The daemon as a whole, on real backups and a real scratch server.
@Suite(.serialized) struct ServeTests {
    private let shop: RestoredShop
    private let good: String
    private let bad: String

    init() throws {
        shop = try RestoredShop()
        mkdir(shop.directory.file("backups"), 0o755)
        good = try shop.database.dump(to: shop.directory.file("backups/shop-20261120-020000.sql"))
        let text = try TestFile.text(good)
        bad = try shop.directory.write(String(text.prefix(text.count / 2)), to: "backups/cut-1.sql")
        try age(good)
        try age(bad)
    }

    /// A file that was written to within the last minute is taken to be in progress.
    private func age(_ path: String) throws { try Tool.run("touch", ["--date", "1 hour ago", path]) }

    private func configuration(schedule: String = "after_each_backup", more: String = "") -> String {
        """
        databases:
          - name: shop
            backups: { location: \(shop.directory.file("backups")), match: "shop-{time:yyyyMMdd-HHmmss}.sql" }
            objectives: { backup_every: 24h, rpo: 24h, rto: 1h, verify_every: 7d }
            schedule: \(schedule)
          - name: cut
            backups: { location: \(shop.directory.file("backups")), match: "cut-*.sql" }
            schedule: \(schedule)
        \(more)
        """
    }

    @Test func verifiesWhatItFindsAndRemembersIt() throws {
        let daemon = try DaemonProcess(configuration(), in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="cut",status="failed"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="cut",status="verified"} 0"#)
        try daemon.waitForMetric(#"backup_data_timestamp_seconds{database="shop"} 1795140000"#)
        let page = try daemon.get("/")
        #expect(page.contains("Would not come back"))
        #expect(try daemon.get("/api/v1/verifications?database=cut").contains(#""reason":"truncated""#))
        #expect(try daemon.get("/-/ready").contains("ready"))
        #expect(try daemon.end(SIGTERM) == .exited(0))

        // A restart neither forgets the failure nor repeats it.
        let again = try DaemonProcess(configuration(), in: shop.directory)
        try again.waitForMetric(#"backup_verification_status{database="cut",status="failed"} 1"#)
        try again.waitForMetric(#"backup_catalog_backups{database="cut"} 1"#)
        try again.waitForMetric(#"backup_verification_runs_total{database="cut",verdict="failed"} 1"#)
        #expect(try again.end(SIGINT) == .exited(0))
    }

    @Test func aNewBackupIsVerifiedAndAReplacedOneIsAnother() throws {
        let daemon = try DaemonProcess(configuration(), in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="cut",status="failed"} 1"#)
        // The next one is whole: the database would come back again, and the bad one is still known.
        let whole = try shop.directory.write(try TestFile.text(good), to: "backups/cut-2.sql")
        try Tool.run("touch", ["--date", "10 minutes ago", whole])
        try daemon.waitForMetric(#"backup_verification_status{database="cut",status="verified"} 1"#)
        try daemon.waitForMetric(#"backup_known_bad_backups{database="cut"} 1"#)
        try Tool.run("rm", [bad])
        try daemon.waitForMetric(#"backup_known_bad_backups{database="cut"} 0"#)
        try daemon.waitForMetric(#"backup_catalog_backups{database="cut"} 1"#)
    }

    @Test func aBadConfigurationKeepsTheLastGoodOne() throws {
        let daemon = try DaemonProcess(configuration(schedule: #""0 4 1 1 *""#), in: shop.directory)
        try daemon.waitForMetric("restorable_config_last_reload_successful 1")
        try DaemonProcess.write("databases: [{nme: shop}]", in: shop.directory)
        daemon.signal(SIGHUP)
        try daemon.waitForMetric("restorable_config_last_reload_successful 0")
        try daemon.waitForLog("the last good one stays in force")
        #expect(try TestFile.text(daemon.log).contains(#"unknown key "nme""#))
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        try DaemonProcess.write(
            configuration(
                schedule: #""0 4 1 1 *""#,
                more: "  - { name: new, backups: { location: \(shop.directory.file("nowhere")) } }"), in: shop.directory
        )
        daemon.signal(SIGHUP)
        try daemon.waitForMetric("restorable_config_last_reload_successful 1")
        // A location that is not there is no empty catalog.
        try daemon.waitForMetric(#"backup_location_up{database="new"} 0"#)
        #expect(try !daemon.get("/metrics").contains(#"backup_catalog_backups{database="new"}"#))
    }

    @Test func aRunThatWasCutOffIsInconclusive() throws {
        // A filter that never ends holds the verification until the daemon is killed.
        let stuck = configuration().replacing(
            "cut-*.sql\" }", with: "cut-*.sql\", filter: [sh, -c, \"cat; exec tail -f /dev/null\"] }")
        let daemon = try DaemonProcess(stuck, in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_in_progress{database="cut"} 1"#)
        _ = try daemon.end(SIGKILL)
        let again = try DaemonProcess(stuck, in: shop.directory)
        try again.waitForMetric(#"backup_verification_status{database="cut",status="inconclusive"} 1"#)
        #expect(try again.get("/api/v1/verifications?database=cut").contains(#""reason":"interrupted""#))
        // One that is told to end ends what runs, as interrupted.
        #expect(try again.end(SIGTERM) == .exited(0))
    }

    @Test func aHistoryThatIsDamagedIsSetAside() throws {
        _ = try shop.directory.write("not a database at all, whatever its name says", to: "history.sqlite")
        let daemon = try DaemonProcess(configuration(), in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        let aside = try TestFile.names(in: shop.directory.path).filter { $0.contains(".corrupt-") }
        #expect(aside.count == 1 && aside.allSatisfy { $0.hasPrefix("history.sqlite.corrupt-") })
        // It is said in the log, in a metric and on the page, and after a restart too, until somebody takes it away.
        let metric = "restorable_history_set_aside_timestamp_seconds"
        #expect(try TestFile.text(daemon.log).contains("it was set aside as"))
        #expect(try daemon.get("/metrics").contains("\n\(metric) "))
        #expect(try daemon.get("/").contains("The history was damaged"))
        #expect(try daemon.end(SIGTERM) == .exited(0))
        let again = try DaemonProcess(configuration(), in: shop.directory)
        #expect(try again.get("/metrics").contains("\n\(metric) "))
        #expect(try again.end(SIGTERM) == .exited(0))
        unlink(shop.directory.file(try #require(aside.first)))
        let last = try DaemonProcess(configuration(), in: shop.directory)
        #expect(try !last.get("/metrics").contains(metric))
        #expect(try last.get("/").contains("The history was damaged") == false)
    }

    /// One that breaks under the daemon: what it knows is served, what it learns is shown, and the next start sets it aside.
    @Test func aHistoryThatBreaksWhileTheDaemonRunsIsSaid() throws {
        let daemon = try DaemonProcess(configuration(), in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="cut",status="failed"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        let names = try TestFile.names(in: shop.directory.path).filter {
            $0.hasPrefix("history.sqlite") && !$0.hasSuffix("-shm") && !$0.hasSuffix(".lock")
        }
        // In place, every page and the log: what a disk does that loses its mind.
        for name in names {
            let file = shop.directory.file(name)
            let size = try TestFile.size(file)
            try Tool.run(
                "dd",
                ["if=/dev/urandom", "of=\(file)", "conv=notrunc", "bs=\(max(1, size))", "count=1", "iflag=fullblock"])
        }
        let next = try shop.directory.write(try TestFile.text(bad), to: "backups/shop-20261121-020000.sql")
        try age(next)
        try daemon.waitForMetric(#"restorable_collector_success{collector="history"} 0"#)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="failed"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="cut",status="failed"} 1"#)
        #expect(try daemon.get("/").contains("is damaged"))
        #expect(try daemon.get("/-/healthy").isEmpty == false)
        _ = try daemon.end(SIGTERM)
        let again = try DaemonProcess(configuration(), in: shop.directory)
        try again.waitForMetric(#"backup_verification_status{database="shop",status="failed"} 1"#)
        try again.waitForMetric(#"restorable_collector_success{collector="history"} 1"#)
        #expect(try again.get("/").contains("The history was damaged"))
        #expect(try again.end(SIGTERM) == .exited(0))
    }

    @Test func wrongUseIsToldAtOnce() throws {
        _ = try shop.directory.write("databases: [{nme: shop}]", to: "bad.yml")
        let invalid = try Restorable.run(["serve", "--config", shop.directory.file("bad.yml")])
        #expect(invalid.status == 78)
        #expect(invalid.errorText.contains(#"did you mean "name"?"#))
        #expect(try Restorable.run(["serve"]).status == 64)
        let named = ["RESTORABLE_CONFIG": shop.directory.file("bad.yml")]
        #expect(try Restorable.run(["serve"], environment: named).errorText == invalid.errorText)
    }
}
