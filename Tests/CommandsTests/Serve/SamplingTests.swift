import Glibc
import Processes
import TestSupport
import Testing

/// The daemon samples a real production database, and what it counts reaches metrics and reports.
@Suite(.serialized) struct SamplingTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
        mkdir(shop.directory.file("backups"), 0o755)
    }

    private func backup(_ when: String) throws {
        let name = try Tool.run("date", ["-u", "-d", when, "+shop-%Y%m%d-%H%M%S.sql"]).outputText.filter { $0 != "\n" }
        let path = try shop.database.dump(to: shop.directory.file("backups/\(name)"))
        // A file that was written to within the last minute is taken to be in progress.
        try Tool.run("touch", ["--date", "1 hour ago", path])
    }

    private func configuration(connection: String, schedule: String) -> String {
        """
        samples_interval: 1s
        databases:
          - name: shop
            connection: "\(connection)"
            backups: { location: \(shop.directory.file("backups")), match: "shop-{time:yyyyMMdd-HHmmss}.sql" }
            schedule: \(schedule)
        """
    }

    @Test func samplesTellWhetherProductionChanged() throws {
        // Moments on both sides of now: what happens meanwhile happens between the two backups.
        try backup("10 minutes ago")
        try backup("30 minutes")
        let daemon = try DaemonProcess(
            configuration(connection: shop.database.conninfo, schedule: #""0 4 1 1 *""#), in: shop.directory)
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 2"#)
        let metric = #"backup_production_changed_since_previous_backup{database="shop"}"#
        #expect(try !daemon.get("/metrics").contains(metric))
        try DaemonProcess.eventually("a change is seen") {
            try shop.database.run(
                "INSERT INTO users SELECT max(id) + 1, 'new' FROM users; SELECT pg_stat_force_next_flush()")
            return try daemon.get("/metrics").contains("\(metric) 1")
        }
        #expect(try daemon.end(SIGTERM) == .exited(0))
        // The history remembers it.
        let again = try DaemonProcess(
            configuration(connection: "host=/nonexistent", schedule: #""0 4 1 1 *""#), in: shop.directory)
        try again.waitForMetric("\(metric) 1")
        #expect(try again.end(SIGTERM) == .exited(0))
    }

    @Test func aBackupFromBeforeTheFirstSampleProvesItself() throws {
        try backup("10 minutes ago")
        let daemon = try DaemonProcess(
            configuration(connection: shop.database.conninfo, schedule: "after_each_backup"), in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        try daemon.waitForMetric(#"backup_verification_proof{database="shop",proof="self"} 1"#)
        #expect(try daemon.get("/verifications/1").contains("not sampled before the backup was made"))
    }
}
