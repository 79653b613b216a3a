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
        for name in ["backups", "dated"] { mkdir(shop.directory.file(name), 0o755) }
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
              - { name: dated, backups: { location: \(shop.directory.file("dated")), match: "dated-{time:yyyyMMdd}.sql" } }
            """, to: "restorable.yml")
    }

    /// A week's backup, and its verification.
    /// - Parameters:
    ///   - isWhole: else it is cut off.
    ///   - isFinished: else it may still be written to, and nobody can tell.
    /// - Returns: the exit status.
    private func week(_ database: String = "shop", isWhole: Bool, isFinished: Bool = true) throws -> Int32 {
        try write("backups/\(database)-1.sql", isWhole: isWhole, isFinished: isFinished)
        return try push(database, to: gateway.url).status
    }

    private func write(_ path: String, isWhole: Bool, isFinished: Bool = true) throws {
        let text = isWhole ? whole : String(whole.prefix(whole.count / 2))
        let backup = try shop.directory.write(text, to: path)
        if isFinished { try Tool.run("touch", ["-d", "5 minutes ago", backup]) }
    }

    private func push(_ database: String, to url: String) throws -> ToolResult {
        try Restorable.run([
            "verify", "--config", shop.directory.file("restorable.yml"), "--database", database, "--pushgateway", url,
        ])
    }

    /// The value of the only series of that name and database.
    private func value(_ name: String, of database: String = "shop") throws -> Double? {
        try gateway.metrics().first { $0.hasPrefix("\(name){") && $0.contains(#"database="\#(database)""#) }
            .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
    }

    /// Whoever may push need not be allowed to read: a proxy lets nobody see the metrics.
    @Test func aGatewayThatCanNotBeReadKeepsItsFailure() throws {
        let proxy = try FaultProxy(
            before: try #require(gateway.address.split(separator: ":").last.flatMap { UInt16($0) }))
        proxy.answer { $0.method == "GET" ? .answer(status: 403, body: "no") : nil }
        let url = proxy.endpoint + gateway.metricsPath.replacing("/metrics", with: "")
        #expect(try week(isWhole: false) == 1)
        let before = try gateway.metrics().filter { $0.contains(#"database="shop""#) }
        let since = try value("backup_verification_status_since_timestamp_seconds")

        try write("backups/shop-1.sql", isWhole: false, isFinished: false)
        let silent = try push("shop", to: url)
        #expect(silent.status == 2)
        #expect(silent.errorText.contains("what was pushed before can't be read, so only a verdict replaces it"))
        let failed = #"backup_verification_status{database="shop",instance="",job="restorable",status="failed"} 1"#
        let after = try gateway.metrics().filter { $0.contains(#"database="shop""#) }
        #expect(before.contains(failed) && after.contains(failed))
        #expect(try value("backup_verification_status_since_timestamp_seconds") == since && since != nil)
        #expect(try value("backup_known_bad_backups") == 1)
        // It is told that there was a run.
        let run = "backup_verification_last_run_timestamp_seconds{"
        #expect(before.filter { $0.hasPrefix(run) } != after.filter { $0.hasPrefix(run) })

        // A verdict is a verdict, whatever was said before.
        try write("backups/shop-1.sql", isWhole: true)
        let good = try push("shop", to: url)
        #expect(good.status == 0 && good.errorText == "")
        #expect(try gateway.metrics().contains(failed.replacing("failed", with: "verified")))
        #expect(try value("backup_known_bad_backups") == 0)
        try write("backups/shop-1.sql", isWhole: false)
        #expect(try push("shop", to: url).status == 1)
        #expect(try gateway.metrics().contains(failed))
    }

    /// What one would get back must still be there.
    @Test func aProvedBackupThatIsGoneIsNotWhatOneWouldGetBack() throws {
        let metric = "backup_verified_backup_timestamp_seconds"
        let first = 1_577_836_800.0
        try write("dated/dated-20200101.sql", isWhole: true)
        #expect(try push("dated", to: gateway.url).status == 0)
        #expect(try value(metric, of: "dated") == first)
        try write("dated/dated-20200102.sql", isWhole: false)
        #expect(try push("dated", to: gateway.url).status == 1)
        #expect(try value(metric, of: "dated") == first)
        // It is written anew: whether that would restore nobody knows.
        try write("dated/dated-20200101.sql", isWhole: true, isFinished: false)
        #expect(try push("dated", to: gateway.url).status == 1)
        #expect(try value(metric, of: "dated") == nil)
        #expect(try value("backup_verification_last_success_timestamp_seconds", of: "dated") != nil)
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
