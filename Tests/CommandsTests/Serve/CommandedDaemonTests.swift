import Glibc
import Processes
import TestSupport
import Testing

/// What `serve` is told over HTTP while it runs: to read its configuration again, and to verify.
@Suite(.serialized) struct CommandedDaemonTests {
    private let shop: RestoredShop
    private let held: HeldFilter
    private let text: String

    init() throws {
        shop = try RestoredShop()
        held = try HeldFilter(in: shop.directory)
        mkdir(shop.directory.file("backups"), 0o755)
        text = try TestFile.text(try shop.dump())
        try place("shop-1.sql", minutesAgo: 60)
    }

    private func place(_ name: String, minutesAgo minutes: Int) throws {
        let file = try shop.directory.write(text, to: "backups/\(name)")
        try Tool.run("touch", ["--date", "\(minutes) minutes ago", file])
    }

    private func configuration(_ backups: String, _ more: String...) -> String {
        """
        databases:
          - name: shop
            backups: { location: \(shop.directory.file("backups"))\(backups) }
        \(more.map { "    \($0)\n" }.joined())
        """
    }

    private static func runs(_ verdict: String, _ count: Int) -> String {
        "backup_verification_runs_total{database=\"shop\",verdict=\"\(verdict)\"} \(count)"
    }

    private static let running = #"backup_verification_in_progress{database="shop"} 1"#
    private static let ended = #"backup_verification_in_progress{database="shop"} 0"#
    private static let verified = #"backup_verification_status{database="shop",status="verified"} 1"#

    @Test func aRunEndsUnderWhatItBeganWith() throws {
        let schedule = "schedule: after_each_backup"
        let daemon = try DaemonProcess(configuration(", filter: \(held.yaml)", schedule), in: shop.directory)
        try daemon.waitForMetric(Self.running)
        // From now on no backup is large enough.
        try DaemonProcess.write(configuration(", minimum_size: 1GiB", schedule), in: shop.directory)
        let answer = try daemon.ask("POST", "/-/reload")
        #expect(answer.status == 200 && answer.body.contains("reloaded"), "\(answer)")
        try daemon.waitForMetric(#"backup_minimum_size_bytes{database="shop"} 1073741824"#)
        try daemon.waitForMetric(Self.running)
        try held.letGo()
        try daemon.waitForMetric(Self.verified)
        try daemon.waitForMetric(Self.ended)
        // The reload began no second run of the same backup; the next backup is judged by what is in force.
        try place("shop-2.sql", minutesAgo: 30)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="failed"} 1"#)
        try daemon.waitForMetric(Self.ended)
        try daemon.waitForMetric(Self.runs("verified", 1))
        try daemon.waitForMetric(Self.runs("failed", 1))
        #expect(try daemon.get("/api/v1/verifications?database=shop").contains(#""reason":"too-small""#))
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }

    @Test func aBrokenFileShowsEverywhereAndTheGoodOneGoesOn() throws {
        let good = configuration("", "schedule: after_each_backup")
        let daemon = try DaemonProcess(good, in: shop.directory)
        try daemon.waitForMetric(Self.runs("verified", 1))
        // Who may do so without a password may not have this machine work.
        let refused = try daemon.ask("POST", "/api/v1/databases/shop/verify")
        #expect(refused.status == 403 && refused.body.contains("basic_auth_users"), "\(refused)")

        try DaemonProcess.write("databases:\n  - nme: shop\n", in: shop.directory)
        let broken = try daemon.ask("POST", "/-/reload")
        #expect(broken.status == 500 && broken.body.contains(#"did you mean "name"?"#), "\(broken)")
        // Four lines are before those.
        #expect(broken.body.contains("restorable.yml:6:5"), "\(broken)")
        try daemon.waitForMetric("restorable_config_last_reload_successful 0")
        try daemon.waitForLog("the configuration could not be read again, the last good one stays in force")
        let page = try daemon.get("/")
        #expect(page.contains("The configuration could not be read again") && page.contains("did you mean"))
        // A file that is not there at all says so as well.
        try Tool.run("rm", [shop.directory.file("restorable.yml")])
        #expect(try daemon.ask("POST", "/-/reload").status == 500)
        // The good one is in force all the while.
        try place("shop-2.sql", minutesAgo: 30)
        try daemon.waitForMetric(Self.runs("verified", 2))
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 2"#)

        try DaemonProcess.write(good, in: shop.directory)
        #expect(try daemon.ask("POST", "/-/reload").status == 200)
        try daemon.waitForMetric("restorable_config_last_reload_successful 1")
        #expect(try !daemon.get("/").contains("The configuration could not be read again"))
        try daemon.waitForMetric(Self.runs("verified", 2))
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }

    @Test func whoHasThePasswordStartsAVerification() throws {
        let web = try shop.directory.write(
            // "correct horse", by bcrypt.
            "basic_auth_users:\n  ann: $2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n", to: "web.yml")
        let text = "web: { config_file: \(web) }\n" + configuration(", filter: \(held.yaml)", "suspend: true")
        let daemon = try DaemonProcess(text, in: shop.directory)
        daemon.user = "ann:correct horse"
        try daemon.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        let verify = "/api/v1/databases/shop/verify"
        for stranger in [nil, "ann:wrong", "bob:correct horse"] {
            #expect(try daemon.ask("POST", verify, as: stranger).status == 401)
            #expect(try daemon.ask("POST", "/-/reload", as: stranger).status == 401)
        }
        try daemon.waitForMetric(Self.ended)
        #expect(try daemon.ask("POST", verify, as: daemon.user).status == 202)
        try daemon.waitForMetric(Self.running)
        #expect(try daemon.ask("POST", verify, as: daemon.user).status == 409)
        #expect(try daemon.ask("POST", "/-/reload", as: daemon.user).status == 200)
        try held.letGo()
        try daemon.waitForMetric(Self.verified)
        try daemon.waitForMetric(Self.ended)
        // Asked for again it runs again, and nobody but who asks begins one: it is suspended.
        try daemon.waitForMetric(Self.runs("verified", 1))
        #expect(try daemon.ask("POST", verify, as: daemon.user).status == 202)
        try daemon.waitForMetric(Self.runs("verified", 2))
        try daemon.waitForMetric(#"backup_suspended{database="shop"} 1"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }
}
