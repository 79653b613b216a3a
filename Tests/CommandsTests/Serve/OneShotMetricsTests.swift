import Glibc
import Processes
import TestSupport
import Testing

/// What a weekly CronJob leaves for Prometheus.
@Suite struct OneShotMetricsTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
        mkdir(shop.directory.file("backups"), 0o755)
        let good = try shop.database.dump(to: shop.directory.file("backups/shop-1.sql"))
        let text = try TestFile.text(good)
        _ = try shop.directory.write(String(text.prefix(text.count / 2)), to: "backups/cut-1.sql")
        _ = try shop.directory.write(
            """
            scratch: { directory: \(RestoredShop.scratch) }
            databases:
              - { name: shop, backups: { location: \(shop.directory.file("backups")), match: "shop-*" }, objectives: { verify_every: 7d } }
              - { name: "cut/ä", backups: { location: \(shop.directory.file("backups")), match: "cut-*" } }
            """, to: "restorable.yml")
        try age("cut-1.sql")
    }

    /// What was written to a moment ago may not be finished, and is blamed for nothing.
    private func age(_ backup: String) throws {
        try Tool.run("touch", ["-d", "5 minutes ago", shop.directory.file("backups/\(backup)")])
    }

    private func verify(_ arguments: [String]) throws -> ToolResult {
        try Restorable.run(["verify", "--config", shop.directory.file("restorable.yml")] + arguments)
    }

    private let expected = [
        #"backup_verification_status{database="shop",status="verified"} 1"#,
        #"backup_verification_status{database="cut/ä",status="failed"} 1"#,
        #"backup_verification_interval_seconds{database="shop"} 604800"#,
    ]

    @Test func aTextfileCollectorFindsTheVerdicts() throws {
        let file = shop.directory.file("restorable.prom")
        #expect(try verify(["--metrics-file", file]).status == 1)
        let lines = try TestFile.text(file).split(separator: "\n").map(String.init)
        for line in expected { #expect(lines.contains(line), "\(line)") }
        #expect(!lines.contains { $0.contains("_total") })
        let check = try Tool.attempt(MonitoringProgram.path("promtool"), ["check", "metrics"], input: file)
        #expect(check.outputText + check.errorText == "")
    }

    @Test func aPushgatewayKeepsTheLastSuccess() throws {
        let gateway = try StartedPushgateway()
        #expect(try verify(["--pushgateway", gateway.url + "/"]).status == 1)
        let page = try gateway.metrics()
        for line in expected {
            let name = line.prefix { $0 != "{" }
            #expect(page.contains { $0.hasPrefix(name) && $0.contains(#"job="restorable""#) }, "\(line)")
        }
        #expect(
            page.contains {
                $0.hasPrefix("backup_verification_status{") && $0.contains(#"database="cut/ä""#) && $0.hasSuffix(" 1")
            })
        #expect(page.contains { $0.hasPrefix("backup_verification_last_success_timestamp_seconds{") })
        // The next one fails: when it last was well is still known.
        try Tool.run("cp", [shop.directory.file("backups/cut-1.sql"), shop.directory.file("backups/shop-1.sql")])
        let fresh = try verify(["--json", "--database", "shop"])
        #expect(fresh.status == 2)
        #expect(fresh.outputText.contains(#""reason":"changed-while-reading""#), "\(fresh.outputText)")
        try age("shop-1.sql")
        #expect(try verify(["--pushgateway", gateway.url, "--database", "shop"]).status == 1)
        let later = try gateway.metrics()
        #expect(
            later.contains {
                $0.contains(#"status="failed""#) && $0.contains(#"database="shop""#) && $0.hasSuffix(" 1")
            })
        #expect(later.contains { $0.hasPrefix("backup_verification_last_success_timestamp_seconds{") })
    }

    @Test func aGatewayThatIsNotThereIsToldAndKeepsNoVerdictBack() throws {
        let result = try verify(["--json", "--pushgateway", "http://127.0.0.1:1", "--database", "shop"])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""verdict":"verified""#))
        #expect(result.errorText.contains("Pushgateway could not be reached"))
        #expect(try Restorable.run(["verify", "--metrics-file", "x", "y.sql"]).status == 64)
    }
}
