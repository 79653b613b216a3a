import Glibc
import Processes
import TestSupport
import Testing

/// Keys of the configuration that decide a verdict, seen to decide it in `serve`: each beside the same without it.
@Suite struct ConfiguredDaemonTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
        mkdir(shop.directory.file("backups"), 0o755)
    }

    private func place(_ text: String, _ name: String) throws {
        let file = try shop.directory.write(text, to: "backups/\(name)")
        try Tool.run("touch", ["--date", "1 hour ago", file])
    }

    private func entry(_ name: String, _ match: String, _ backups: String = "", _ more: String = "") -> String {
        """
          - name: \(name)
            backups: { location: \(shop.directory.file("backups")), match: "\(match)"\(backups) }
            schedule: after_each_backup
            jitter: 0s
            \(more)

        """
    }

    @Test func sizeGlobalsAndExtensionsDecide() throws {
        let dump = try TestFile.text(try shop.dump())
        try place(dump, "shop-1.sql")
        let extended = "CREATE EXTENSION IF NOT EXISTS nope WITH SCHEMA public;\n\n"
        let first = "CREATE TABLE public."
        let at = try #require(dump.firstRange(of: first)).lowerBound
        try place(String(dump[..<at]) + extended + String(dump[at...]), "nope-1.sql")
        let globals = shop.directory.file("backups/globals.sql")
        try shop.database.server.dumpAll(["--globals-only"], to: globals)
        let text = try TestFile.text(globals)
        try place(String(text.prefix(text.count / 2)), "cut-globals.sql")
        let loaded = #"""
            queries: [{ name: loaded, sql: "SELECT current_setting('shared_preload_libraries') = 'auto_explain'" }]
            """#
        let daemon = try DaemonProcess(
            "concurrent_verifications: 2\ndatabases:\n"
                + entry("plain", "shop-*.sql") + entry("small", "shop-*.sql", ", minimum_size: 1GiB")
                + entry("large", "shop-*.sql", ", minimum_size: 1KiB")
                + entry("globals", "shop-*.sql", ", globals: globals.sql")
                + entry("cut", "shop-*.sql", ", globals: cut-globals.sql") + entry("missing", "nope-*.sql")
                + entry("ignored", "nope-*.sql", "", "extensions: { ignore: [nope] }")
                + entry("loaded", "shop-*.sql", "", "extensions: { preload: [auto_explain] }\n    \(loaded)")
                + entry("unloaded", "shop-*.sql", "", loaded), in: shop.directory)
        for (name, status, reason) in [
            ("plain", "verified", nil), ("small", "failed", "too-small"), ("large", "verified", nil),
            ("globals", "verified", nil), ("cut", "failed", "truncated"),
            ("missing", "inconclusive", "extension-missing"), ("ignored", "verified", nil),
            ("loaded", "verified", nil), ("unloaded", "failed", "query-false"),
        ] as [(String, String, String?)] {
            try daemon.waitForMetric("backup_verification_status{database=\"\(name)\",status=\"\(status)\"} 1")
            guard let reason else { continue }
            let runs = try daemon.get("/api/v1/verifications?database=\(name)")
            #expect(runs.contains("\"reason\":\"\(reason)\""), "\(name): \(runs)")
        }
        try daemon.waitForMetric(#"backup_minimum_size_bytes{database="small"} 1073741824"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))
    }
}
