import Glibc
import TestSupport
import Testing

/// From a backup on disk to the alert in Alertmanager, and back: with the real things, and the rules as they are shipped.
@Suite struct AlertingTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
        mkdir(shop.directory.file("backups"), 0o755)
        let text = try TestFile.text(try shop.dump())
        // Two backups of one size would be backups that do not grow.
        try write(text, to: "shop-1.sql", minutesAgo: 10)
        try write(String(text.prefix(text.count / 2)), to: "cut-1.sql", minutesAgo: 20)
        for number in 1...5 { try write(text, to: "few-\(number).sql", minutesAgo: 100 - 10 * number) }
    }

    private func write(_ text: String, to name: String, minutesAgo minutes: Int) throws {
        let path = try shop.directory.write(text, to: "backups/\(name)")
        try Tool.run("touch", ["--date", "\(minutes) minutes ago", path])
    }

    @Test func theRightAlarmAndOnlyIt() throws {
        let directory = shop.directory.file("backups")
        let daemon = try DaemonProcess(
            """
            databases:
              - name: shop
                backups: { location: \(directory), match: "shop-*.sql" }
                objectives: { backup_every: 24h, rpo: 26h, rto: 1h, verify_every: 7d }
                schedule: after_each_backup
              - name: cut
                backups: { location: \(directory), match: "cut-*.sql" }
                objectives: { backup_every: 24h, rpo: 26h, rto: 1h, verify_every: 7d }
                schedule: after_each_backup
              - name: few
                backups: { location: \(directory), match: "few-*.sql" }
                schedule: after_each_backup
              - name: none
                backups: { location: \(directory), match: "none-*.sql" }
            """, in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="cut",status="failed"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        let monitoring = try Monitoring(scraping: daemon.address, in: shop.directory)
        try monitoring.wait(for: ["Watchdog", "BackupVerificationFailed cut", "BackupMissing none"])

        // A whole backup takes its place: the alarm goes, and what is left says that a bad one is still there.
        try write(try TestFile.text(shop.directory.file("backups/shop-1.sql")), to: "cut-2.sql", minutesAgo: 5)
        try monitoring.wait(for: ["Watchdog", "BackupKnownBad cut", "BackupMissing none"])
        try Tool.run("rm", [shop.directory.file("backups/cut-1.sql")])
        try monitoring.wait(for: ["Watchdog", "BackupMissing none"])

        // A backup that grows old is overdue.
        try Tool.run("touch", ["--date", "3 days ago", shop.directory.file("backups/shop-1.sql")])
        try monitoring.wait(for: ["Watchdog", "BackupMissing none", "RecoveryPointExceeded shop", "BackupOverdue shop"])
        #expect(try monitoring.count("backup_info") == 4)
        let whole = try TestFile.text(shop.directory.file("backups/shop-1.sql"))
        try write(whole, to: "shop-2.sql", minutesAgo: 4)
        try monitoring.wait(for: ["Watchdog", "BackupMissing none"])

        // A backup that restores, and holds far less than those before it.
        let small = try shop.database.dump(["--exclude-table-data=orders"], to: shop.directory.file("small.sql"))
        try write(try TestFile.text(small), to: "few-6.sql", minutesAgo: 3)
        try monitoring.wait(for: ["Watchdog", "BackupMissing none", "BackupSizeAnomaly few"])
        try write(whole, to: "few-7.sql", minutesAgo: 2)
        try monitoring.wait(for: ["Watchdog", "BackupMissing none"])
    }
}
