import Glibc
import TestSupport
import Testing

/// The weekly CronJob: what a real Prometheus makes of what it leaves at a real Pushgateway, week by week.
@Suite struct PushedMetricsTests {
    private let shop: RestoredShop
    private let whole: String
    private let gateway: StartedPushgateway

    init() throws {
        shop = try RestoredShop()
        whole = try TestFile.text(try shop.dump())
        mkdir(shop.directory.file("backups"), 0o755)
        gateway = try StartedPushgateway()
        _ = try shop.directory.write(
            """
            scratch: { directory: \(RestoredShop.scratch) }
            databases:
              - { name: shop, backups: { location: \(shop.directory.file("backups")), match: "shop-*" } }
              - name: new
                backups: { location: \(shop.directory.file("backups")), match: "new-*" }
                schedule: "0 4 * * 0"
                objectives: { verify_every: 1s }
            """, to: "restorable.yml")
    }

    /// A week's backup, and its verification.
    /// - Parameters:
    ///   - isWhole: else it is cut off.
    ///   - isFinished: else it may still be written to, and nobody can tell.
    /// - Returns: the exit status.
    private func week(_ database: String = "shop", isWhole: Bool, isFinished: Bool = true) throws -> Int32 {
        let text = isWhole ? whole : String(whole.prefix(whole.count / 2))
        let backup = try shop.directory.write(text, to: "backups/\(database)-1.sql")
        if isFinished { try Tool.run("touch", ["-d", "5 minutes ago", backup]) }
        return try Restorable.run([
            "verify", "--config", shop.directory.file("restorable.yml"), "--database", database, "--pushgateway",
            gateway.url,
        ]).status
    }

    /// The value of the only series of that name and database.
    private func value(_ name: String, of database: String = "shop") throws -> Double? {
        try gateway.metrics().first { $0.hasPrefix("\(name){") && $0.contains(#"database="\#(database)""#) }
            .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
    }

    @Test func aWeekInWhichNothingCouldBeCheckedTakesNoFailureBack() throws {
        #expect(try week(isWhole: true) == 0)
        let monitoring = try Monitoring(
            scraping: gateway.address, gatewayPath: gateway.metricsPath, in: shop.directory)
        try monitoring.wait(for: ["Watchdog"])
        let success = try #require(try value("backup_verification_last_success_timestamp_seconds"))
        #expect(try value("backup_restored_tables") == 2 && value("backup_mismatched_tables") == 0)
        #expect(try value("backup_verification_interval_seconds") == 604_800)

        #expect(try week(isWhole: false) == 1)
        try monitoring.wait(for: ["Watchdog", "BackupVerificationFailed shop"])
        let since = try value("backup_verification_status_since_timestamp_seconds")
        #expect(try value("backup_verification_last_success_timestamp_seconds") == success)
        // What was compared a week ago is not what this backup holds.
        #expect(try value("backup_mismatched_tables") == nil && value("backup_restored_tables") == 2)

        #expect(try week(isWhole: false, isFinished: false) == 2)
        let last = try #require(try value("backup_verification_last_run_timestamp_seconds"))
        let seen = "backup_verification_last_run_timestamp_seconds >= \(last)"
        try DaemonProcess.eventually(seen) { try monitoring.count(seen) == 1 }
        #expect(try monitoring.activeAlerts() == ["Watchdog", "BackupVerificationFailed shop"])
        #expect(try value("backup_verification_status_since_timestamp_seconds") == since)
        #expect(try value("backup_known_bad_backups") == 1)
        #expect(try monitoring.count(#"backup_verification_status{database="shop",status="failed"} == 1"#) == 1)

        #expect(try week(isWhole: true) == 0)
        try monitoring.wait(for: ["Watchdog"])
        #expect(try value("backup_known_bad_backups") == 0)

        // One that never could be checked is told of, though each week begins anew.
        #expect(try week("new", isWhole: false, isFinished: false) == 2)
        let first = try value("backup_verification_status_since_timestamp_seconds", of: "new")
        #expect(try week("new", isWhole: false, isFinished: false) == 2)
        #expect(try first != nil && value("backup_verification_status_since_timestamp_seconds", of: "new") == first)
        try monitoring.wait(for: ["Watchdog", "BackupVerificationInconclusive new"])
    }
}
