import Glibc
import Processes
import TestSupport
import Testing

/// The daemon on file systems without room: what it knows is served, what it learns is not lost, and what can't be
/// proved for want of room is the fault of no backup.
@Suite(.serialized, .enabled(if: SmallFileSystem.isAllowed)) struct FullDiskDaemonTests {
    private let shop: RestoredShop
    private let text: String

    init() throws {
        shop = try RestoredShop()
        mkdir(shop.directory.file("backups"), 0o755)
        text = try TestFile.text(try shop.dump())
    }

    private func place(_ text: String, _ name: String, hoursAgo: Int) throws {
        let file = try shop.directory.write(text, to: "backups/\(name)")
        try Tool.run("touch", ["--date", "\(hoursAgo) hours ago", file])
    }

    private var configuration: String {
        """
        databases:
          - name: shop
            backups: { location: \(shop.directory.file("backups")) }
            schedule: after_each_backup
        """
    }

    private static let failed = #"backup_verification_status{database="shop",status="failed"} 1"#

    @Test func aVerdictOutlivesAFullHistory() throws {
        let disk = try SmallFileSystem(bytes: 2 << 20)
        symlink(disk.path, shop.directory.file("small"))
        try place(text, "shop-1.sql", hoursAgo: 3)
        let daemon = try DaemonProcess(configuration, in: shop.directory, history: "small/history.sqlite")
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        try daemon.waitForMetric(#"restorable_collector_success{collector="history"} 1"#)

        // The next backup is cut off, and there is no room to write that down.
        disk.fill()
        try place(String(text.prefix(text.count / 2)), "shop-2.sql", hoursAgo: 2)
        try daemon.waitForMetric(Self.failed)
        try daemon.waitForMetric(#"restorable_collector_success{collector="history"} 0"#)
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 2"#)
        try daemon.waitForMetric(#"backup_verification_runs_total{database="shop",verdict="failed"} 1"#)
        #expect(try daemon.get("/-/healthy").isEmpty == false)
        #expect(try daemon.get("/").contains("Would not come back"))

        // With room it is written: an end by force, and the next start still knows.
        disk.makeSpace()
        try daemon.waitForMetric(#"restorable_collector_success{collector="history"} 1"#)
        try daemon.waitForMetric(Self.failed)
        #expect(try daemon.end(SIGKILL) == .signalled(SIGKILL))
        let again = try DaemonProcess(configuration, in: shop.directory, history: "small/history.sqlite")
        try again.waitForMetric(Self.failed)
        try again.waitForMetric(#"backup_verification_runs_total{database="shop",verdict="failed"} 1"#)
        try again.waitForMetric(#"backup_verification_runs_total{database="shop",verdict="inconclusive"} 0"#)
        try again.waitForMetric(#"restorable_collector_success{collector="history"} 1"#)
        #expect(try again.end(SIGTERM) == .exited(0))
    }

    /// A daemon that finds its disk full when it starts serves what the history holds, and goes on as soon as there is room;
    /// also where the one before it was killed, and left its log and a run that it had begun.
    @Test(arguments: [SIGTERM, SIGKILL]) func aStartOnAFullDiskServesWhatIsKnown(signal: Int32) throws {
        let disk = try SmallFileSystem(bytes: 2 << 20)
        symlink(disk.path, shop.directory.file("small"))
        try place(String(text.prefix(text.count / 2)), "shop-1.sql", hoursAgo: 3)
        let daemon = try DaemonProcess(configuration, in: shop.directory, history: "small/history.sqlite")
        try daemon.waitForMetric(Self.failed)
        let before = try daemon.get("/metrics").split(separator: "\n").filter { $0.contains("_timestamp_seconds{") }
        _ = try daemon.end(signal)
        // The log has room of its own, where there is one: whoever opens the file alone takes it in, and away.
        if signal == SIGTERM {
            let merge =
                "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)').connection.close()"
            try Tool.run("python3", ["-c", merge, disk.path + "/history.sqlite"])
            #expect(try !TestFile.names(in: disk.path).contains("history.sqlite-wal"))
        }

        disk.fill()
        let again = try DaemonProcess(configuration, in: shop.directory, history: "small/history.sqlite")
        if signal == SIGTERM {
            try again.waitForMetric(#"restorable_collector_success{collector="history"} 0"#)
            #expect(try again.get("/").contains("is full"))
            #expect(try TestFile.text(again.log).contains("what is known is served"))
        }
        try again.waitForMetric(Self.failed)
        try again.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        let after = try again.get("/metrics")
        for line in before where !line.contains("next_run") { #expect(after.contains(line), "\(line)") }
        #expect(try again.get("/api/v1/verifications?database=shop").contains(#""reason":"truncated""#))
        #expect(try again.get("/verifications/1").contains("shop-1.sql"))
        // What it learns meanwhile is written when there is room.
        try place(text, "shop-2.sql", hoursAgo: 2)
        try again.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        disk.makeSpace()
        try again.waitForMetric(#"restorable_collector_success{collector="history"} 1"#)
        #expect(try again.end(SIGKILL) == .signalled(SIGKILL))
        let last = try DaemonProcess(configuration, in: shop.directory, history: "small/history.sqlite")
        try last.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        try last.waitForMetric(#"backup_verification_runs_total{database="shop",verdict="verified"} 1"#)
        #expect(try last.end(SIGTERM) == .exited(0))
    }

    /// Without a history there is nothing to serve but what is found, and that is served.
    @Test func aFirstStartOnAFullDiskServesWhatItFinds() throws {
        let disk = try SmallFileSystem(bytes: 2 << 20)
        symlink(disk.path, shop.directory.file("small"))
        disk.fill()
        try place(text, "shop-1.sql", hoursAgo: 3)
        let daemon = try DaemonProcess(configuration, in: shop.directory, history: "small/history.sqlite")
        try daemon.waitForMetric(#"restorable_collector_success{collector="history"} 0"#)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        disk.makeSpace()
        try daemon.waitForMetric(#"restorable_collector_success{collector="history"} 1"#)
        try daemon.waitForMetric(#"backup_verification_runs_total{database="shop",verdict="verified"} 1"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }

    @Test func aFullScratchIsNotTheFaultOfTheBackup() throws {
        // Room for the programs' own files, and not for a server and its template.
        let disk = try SmallFileSystem(bytes: 24 << 20)
        try place(text, "shop-1.sql", hoursAgo: 3)
        let daemon = try DaemonProcess(configuration, in: shop.directory, scratch: disk.path + "/scratch")
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="inconclusive"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="failed"} 0"#)
        let answer = try daemon.get("/api/v1/verifications?database=shop")
        #expect(answer.contains(#""reason":"disk-full""#), "\(answer)")
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }
}
