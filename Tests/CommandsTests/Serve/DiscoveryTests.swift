import Glibc
import Processes
import TestSupport
import Testing

/// One entry, many databases, from their files to `/metrics` and `restorable forget`.
@Suite(.serialized) struct DiscoveryTests {
    private let shop: RestoredShop
    private let backups: String

    init() throws {
        shop = try RestoredShop()
        backups = shop.directory.file("backups")
        mkdir(backups, 0o755)
    }

    private func add(_ name: String, _ text: String = "no dump") throws {
        let path = try shop.directory.write(text, to: "backups/\(name)")
        try Tool.run("touch", ["--date", "1 hour ago", path])
    }

    /// Verified only when somebody asks.
    private func entry(name: String = "{database}", more: String = "suspend: true") -> String {
        """
          - name: "\(name)"
            backups: { location: \(backups), match: "{database}-{time:yyyyMMdd-HHmm}.sql", time: { zone: Europe/Berlin } }
            objectives: { backup_every: 24h }
            \(more)
        """
    }

    private func forget(_ name: String, _ arguments: String...) throws -> ToolResult {
        try Restorable.run(["forget", name, "--config", shop.directory.file("restorable.yml")] + arguments)
    }

    private func waitUntilGone(_ name: String, _ daemon: DaemonProcess) throws {
        try DaemonProcess.eventually("\(name) is gone") {
            try !daemon.get("/metrics").contains("database=\"\(name)\"")
        }
    }

    @Test func databasesAppearVanishAndAreForgotten() throws {
        for name in ["shop", "app", "log"] { try add("\(name)-20261120-0230.sql") }
        let configuration = "databases:\n" + entry()
        let daemon = try DaemonProcess(configuration, in: shop.directory)
        for name in ["shop", "app", "log"] {
            try daemon.waitForMetric(#"backup_catalog_backups{database="\#(name)"} 1"#)
        }
        // 02:30 in Berlin, in winter.
        try daemon.waitForMetric(#"backup_data_timestamp_seconds{database="shop"} 1795138200"#)
        try daemon.waitForMetric(#"backup_interval_objective_seconds{database="log"} 86400"#)
        #expect(try daemon.get("/databases/app").contains("app"))
        #expect(try !daemon.get("/metrics").contains("{database}"))

        try Tool.run("rm", [backups + "/app-20261120-0230.sql"])
        try daemon.waitForMetric(#"backup_catalog_backups{database="app"} 0"#)
        try daemon.waitForMetric(#"backup_location_up{database="app"} 1"#)
        let databases = try daemon.get("/api/v1/databases")
        #expect(
            databases.contains(
                #"{"name":"app","engine":"postgresql","kind":"logical","discovered_by":"{database}","vanished":true"#))
        #expect(
            databases.contains(
                #"{"name":"log","engine":"postgresql","kind":"logical","discovered_by":"{database}","vanished":false"#))
        #expect(try daemon.get("/databases/app").contains("if it is meant to be gone: restorable forget app"))
        // It is not forgotten by mistake, nor is one that would come back.
        let asked = try forget("app")
        #expect(asked.status == 64)
        #expect(asked.outputText.contains("would be lost: app, known since"))
        #expect(asked.outputText.contains("what is known of 1 backup"))
        let present = try forget("shop", "--yes")
        #expect(present.status == 2)
        #expect(present.errorText.contains("has backups of shop, which would bring it back at once"))
        #expect(present.errorText.contains("HINT: "))
        try daemon.waitForMetric(#"backup_catalog_backups{database="app"} 0"#)

        let forgotten = try forget("app", "--yes", "--json")
        #expect(forgotten.status == 0, "\(forgotten.errorText)")
        #expect(forgotten.outputText.contains(#""database":"app","forgotten":true"#))
        try waitUntilGone("app", daemon)
        #expect(try daemon.get("/databases/app").contains("Not found"))
        #expect(try forget("app", "--yes").status == 64)

        // What leaves the configuration leaves the metrics at once.
        try DaemonProcess.write(
            "databases:\n  - { name: own, backups: { location: \(backups), match: \"log-*.sql\" }, suspend: true }\n",
            in: shop.directory)
        daemon.signal(SIGHUP)
        try daemon.waitForMetric(#"backup_catalog_backups{database="own"} 1"#)
        #expect(
            try daemon.get("/api/v1/databases").contains(
                #""name":"own","engine":"postgresql","kind":"logical","discovered_by":null"#))
        try waitUntilGone("shop", daemon)
        // It can be forgotten then, although its backups are there: nothing would bring it back.
        #expect(try forget("own", "--yes").status == 2)
        #expect(try forget("shop", "--yes").status == 0)
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }

    @Test func aRestartForgetsNothingAndForgetNeedsNoDaemon() throws {
        try add("shop-20261120-0230.sql")
        try add("app-20261120-0230.sql")
        let configuration = "databases:\n" + entry()
        let daemon = try DaemonProcess(configuration, in: shop.directory)
        try daemon.waitForMetric(#"backup_catalog_backups{database="app"} 1"#)
        #expect(try daemon.end(SIGKILL) != .exited(0))
        try Tool.run("rm", [backups + "/app-20261120-0230.sql"])
        let again = try DaemonProcess(configuration, in: shop.directory)
        try again.waitForMetric(#"backup_catalog_backups{database="app"} 0"#)
        try again.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        #expect(try again.end(SIGTERM) == .exited(0))

        #expect(try forget("shop", "--yes").status == 2)
        let asked = try forget("app", "--json")
        #expect(asked.status == 64)
        #expect(asked.outputText.contains(#""forgotten":false"#))
        #expect(try forget("app", "--yes").status == 0)
        let last = try DaemonProcess(configuration, in: shop.directory)
        try last.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        #expect(try !last.get("/metrics").contains(#"database="app""#))
    }

    @Test func anEntryWithoutAnyBackupAlarmsItself() throws {
        let daemon = try DaemonProcess("databases:\n" + entry(), in: shop.directory)
        try daemon.waitForMetric(#"backup_catalog_backups{database="{database}"} 0"#)
        try add("shop-20261120-0230.sql")
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        try waitUntilGone("{database}", daemon)
    }

    @Test func hostileNamesAreHarmless() throws {
        let name = #"a'b"c<b>&\n$(id)"#
        try add("\(name)-20261120-0230.sql")
        try add("\(String(repeating: "n", count: 230))-20261120-0230.sql")
        try add("evil\nname-20261120-0230.sql")
        let daemon = try DaemonProcess("databases:\n" + entry(), in: shop.directory)
        try daemon.waitForMetric(#"backup_catalog_backups{database="a'b\"c<b>&\\n$(id)"} 1"#)
        #expect(try !daemon.get("/metrics").contains("evil"))
        let page = try daemon.get("/")
        #expect(page.contains("a&#39;b&quot;c&lt;b&gt;&amp;"), "\(page)")
        #expect(!page.contains("c<b>"))
        #expect(try daemon.get("/api/v1/databases").contains(#"a'b\"c<b>&\\n$(id)"#))
        try Tool.run("rm", [backups + "/\(name)-20261120-0230.sql"])
        try daemon.waitForMetric(#"backup_catalog_backups{database="a'b\"c<b>&\\n$(id)"} 0"#)
        #expect(try forget(name, "--yes").status == 0)
        try waitUntilGone(#"a'b\"c<b>&\\n$(id)"#, daemon)
    }

    @Test func discoveredDatabasesAreVerified() throws {
        let good = try shop.database.dump(to: shop.directory.file("good.sql"))
        try add("shop-20261120-0230.sql", try TestFile.text(good))
        try add("cut-20261120-0230.sql", String(try TestFile.text(good).prefix(500)))
        let configuration = "databases:\n" + entry(name: "eu-{database}", more: "schedule: after_each_backup")
        let daemon = try DaemonProcess(configuration, in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="eu-shop",status="verified"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="eu-cut",status="failed"} 1"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))

        // The same configuration, once.
        let file = shop.directory.file("restorable.yml")
        let once = try RestoredShop.verify(["--config", file, "--json", "--until", "integrity"])
        #expect(once.status == 1)
        #expect(once.outputText.contains(#""database":"eu-cut""#) && once.outputText.contains(#""database":"eu-shop""#))
        let one = try RestoredShop.verify(
            ["--config", file, "--json", "--until", "integrity", "--database", "eu-shop"])
        #expect(one.status == 0, "\(one.errorText)")
        #expect(one.outputText.contains(#""data_as_of":"2026-11-20T01:30:00Z""#))
        #expect(try RestoredShop.verify(["--config", file, "--database", "eu-none"]).status == 64)
        try Tool.shell(#"rm "$1"/*"#, [backups])
        let none = try RestoredShop.verify(["--config", file, "--json"])
        #expect(none.status == 1)
        #expect(none.outputText.contains(#""reason":"no-backup""#))
        try Tool.run("rmdir", [backups])
        let gone = try RestoredShop.verify(["--config", file, "--json", "--database", "eu-shop"])
        #expect(gone.status == 2)
    }
}
