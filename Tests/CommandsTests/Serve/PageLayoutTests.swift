import Foundation
import Glibc
import Processes
import TestSupport
import Testing

/// The pages as people see them, on a phone and on a desk, by day and at night: in headless Chromium, where there is one.
@Suite struct PageLayoutTests {
    private static let hasChromium = access("/usr/bin/chromium", X_OK) == 0

    /// What `scripts/support/look.py` saw.
    private struct Look: Decodable {
        let url: String
        let asked: Int
        let scheme: String
        let width: Int
        let outside: [String]
        let cut: [String]
        let faint: [String]
        let text: Int
        let problems: [String]
    }

    private let shop: RestoredShop
    private let backups: String

    init() throws {
        shop = try RestoredShop()
        backups = shop.directory.file("backups")
        mkdir(backups, 0o755)
    }

    private func add(_ database: String, _ text: String) throws {
        let path = try shop.directory.write(text, to: "backups/\(database)-20261120-0230.sql")
        try Tool.run("touch", ["--date", "1 hour ago", path])
    }

    private func look(_ urls: [String]) throws -> [Look] {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../scripts/support/look.py").path
        let lines = try Tool.run("python3", [script] + urls).outputText.split(separator: "\n")
        return try lines.map { try JSONDecoder().decode(Look.self, from: Data($0.utf8)) }
    }

    private func expectNothingWrong(_ urls: [String]) throws {
        let looks = try look(urls)
        #expect(looks.count == 4 * urls.count)
        for look in looks {
            let place = Comment(rawValue: "\(look.url) at \(look.asked) px, \(look.scheme)")
            #expect(look.width <= look.asked, place)
            #expect(look.outside == [], place)
            #expect(look.cut == [], place)
            #expect(look.faint == [], place)
            #expect(look.problems == [], place)
            #expect(look.text > 200, place)
        }
    }

    private static let longName = String(repeating: "averylongname", count: 15)
    private static let foreignName = "søppel-数据库-قاعدة-🐘"

    private func started() throws -> DaemonProcess {
        let whole = try TestFile.text(try shop.database.dump(to: shop.directory.file("whole.sql")))
        try add("shop", whole)
        try add("cut", String(whole.prefix(500)))
        try add(Self.longName, whole)
        try add(Self.foreignName, String(whole.prefix(700)))
        try add("gone", whole)
        let many = shop.directory.file("many")
        mkdir(many, 0o755)
        for number in 10..<70 {
            let path = try shop.directory.write("no dump", to: "many/app\(number).sql")
            try Tool.run("touch", ["--date", "1 hour ago", path])
        }
        let daemon = try DaemonProcess(
            """
            databases:
              - name: "{database}"
                connection: "host=/nonexistent dbname={database}"
                backups: { location: \(backups), match: "{database}-{time:yyyyMMdd-HHmm}.sql" }
                objectives: { backup_every: 24h, rpo: 26h, rto: 1h, verify_every: 7d }
                schedule: after_each_backup
              - name: "many/{database}"
                backups: { location: \(many), match: "{database}.sql" }
                suspend: true
            """, in: shop.directory)
        for (name, status) in [
            ("shop", "verified"), ("cut", "failed"), (Self.longName, "verified"), ("gone", "verified"),
        ] {
            try daemon.waitForMetric(#"backup_verification_status{database="\#(name)",status="\#(status)"} 1"#)
        }
        try daemon.waitForMetric(#"backup_verification_status{database="\#(Self.foreignName)",status="failed"} 1"#)
        try Tool.run("rm", ["\(backups)/gone-20261120-0230.sql"])
        try daemon.waitForMetric(#"backup_catalog_backups{database="gone"} 0"#)
        return daemon
    }

    @Test(.enabled(if: hasChromium)) func pagesFitAndCanBeRead() throws {
        let daemon = try started()
        let paths =
            ["/", "/databases/shop", "/databases/cut", "/databases/gone", "/databases/\(Self.longName)"]
            + ["/databases/" + (Self.foreignName.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")]
            + (1...4).map { "/verifications/\($0)" }
        try expectNothingWrong(paths.map { "http://\(daemon.address)\($0)" })
        #expect(try daemon.get("/databases/gone").contains("restorable forget gone"))
    }

    @Test(.enabled(if: hasChromium)) func reportsFitAndCanBeRead() throws {
        let whole = try shop.database.dump(to: shop.directory.file("whole.sql"))
        let name = Self.longName + ".sql"
        _ = try shop.directory.write(String(try TestFile.text(whole).prefix(500)), to: name)
        let report = shop.directory.file("report.html")
        let result = try RestoredShop.verify([whole, shop.directory.file(name), "--report", report])
        #expect(result.status == 1 || result.status == 2, "\(result.errorText)")
        try expectNothingWrong(["file://" + report])
    }

    @Test(.enabled(if: hasChromium)) func whatIsWrongIsSeen() throws {
        let page = try shop.directory.write(
            """
            <!DOCTYPE html><meta name="viewport" content="width=device-width"><body style="background: #fff">
            <p style="color: #ccc">faint</p><p style="width: 2000px">wide</p>
            <p style="width: 3em; overflow: hidden; white-space: nowrap">a line that is cut off</p>
            """, to: "bad.html")
        for look in try look(["file://" + page]) {
            #expect(look.width > look.asked)
            #expect(look.outside.count == 1)
            #expect(look.cut.count == 1)
            #expect(look.faint.count == 1)
        }
    }
}
