import Foundation
import Glibc
import Processes
import TestSupport
import Testing

/// `restorable history`, and what one-shot runs leave in it.
@Suite(.serialized) struct HistoryCommandTests {
    private let shop: RestoredShop
    private let file: String

    init() throws {
        shop = try RestoredShop()
        mkdir(shop.directory.file("backups"), 0o755)
        let good = try shop.database.dump(to: shop.directory.file("backups/shop-1.sql"))
        let text = try TestFile.text(good)
        let bad = try shop.directory.write(String(text.prefix(text.count / 2)), to: "backups/cut-1.sql")
        for path in [good, bad] { try Tool.run("touch", ["--date", "1 hour ago", path]) }
        file = shop.directory.file("restorable.yml")
        try DaemonProcess.write(Self.databases(shop), in: shop.directory)
    }

    private static func databases(_ shop: RestoredShop) -> String {
        """
        databases:
          - { name: shop, backups: { location: \(shop.directory.file("backups")), match: "shop-*" }, schedule: after_each_backup }
          - { name: cut, backups: { location: \(shop.directory.file("backups")), match: "cut-*" }, schedule: after_each_backup }
        """
    }

    private func history(_ arguments: [String] = []) throws -> ToolResult {
        try Restorable.run(["history", "--config", file] + arguments)
    }

    private func lines(_ result: ToolResult) -> [String] { result.outputText.split(separator: "\n").map(String.init) }

    @Test func withoutAHistoryThereIsNothingToShow() throws {
        let result = try history()
        #expect(result.status == 2)
        #expect(result.errorText.contains("there is no history at \(shop.directory.file("history.sqlite"))"))
        // A run leaves none behind: the daemon may be another user.
        #expect(try Restorable.run(["verify", "--config", file, "--until", "integrity"]).status == 1)
        #expect(access(shop.directory.file("history.sqlite"), F_OK) != 0)
    }

    @Test func oneShotRunsAreShownTheNewestFirst() throws {
        _ = try shop.directory.write("", to: "history.sqlite")
        for name in ["shop", "cut", "shop"] {
            _ = try Restorable.run(["verify", "--config", file, "--database", name])
        }
        let before = try Tool.run("ls", ["-l", "--time-style=full-iso", shop.directory.path]).outputText
        let result = try history()
        #expect(result.status == 0, "\(result.errorText)")
        let shown = lines(result)
        #expect(shown[0].hasPrefix("id  database  backup      verdict"))
        #expect(shown[1].hasPrefix(" 3  shop      shop-1.sql  ✓ verified            self"), "\(shown[1])")
        #expect(shown[2].hasPrefix(" 2  cut       cut-1.sql   ✗ failed (truncated)"), "\(shown[2])")
        #expect(shown[3].hasPrefix(" 1  shop"))
        #expect(result.outputText.contains("shop  restore  "))
        // Nothing was written, and nothing left beside it.
        #expect(try Tool.run("ls", ["-l", "--time-style=full-iso", shop.directory.path]).outputText == before)

        #expect(lines(try history(["--limit", "1"])).count == 2)
        #expect(lines(try history(["--kind", "drill"])) == ["no drill yet"])
        #expect(lines(try history(["--kind", "all"])) == shown)
        let json = lines(try history(["--json", "--database", "cut"]))
        #expect(json.count == 1)
        #expect(json[0].hasPrefix(#"{"id":2,"database":"cut","backup":"cut-1.sql","#))
        #expect(json[0].contains(#""verdict":"failed","reason":"truncated""#))

        let one = try history(["3"]).outputText
        #expect(one.contains("VERIFIED"))
        #expect(one.contains("public.orders"))
        #expect(one.contains("took"))
        let whole = try history(["2", "--json"]).outputText
        #expect(whole.hasPrefix(#"{"id":2,"report":{"version":1,"database":"cut","#))
    }

    @Test func partsAndNamedBackupsAreNotWrittenDown() throws {
        _ = try shop.directory.write("", to: "history.sqlite")
        let named = [shop.directory.file("backups/shop-1.sql"), "--until", "integrity"]
        #expect(try RestoredShop.verify(named, environment: ["RESTORABLE_CONFIG": file]).status == 0)
        _ = try Restorable.run(["verify", "--config", file, "--database", "shop", "--table", "users"])
        #expect(try history().status == 2)
        #expect(try history().errorText.contains("holds nothing yet"))
    }

    @Test func itIsReadWhileTheDaemonRuns() throws {
        let daemon = try DaemonProcess(Self.databases(shop), in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="cut",status="failed"} 1"#)
        let shown = try history()
        #expect(shown.status == 0, "\(shown.errorText)")
        #expect(lines(shown).count == 3)
        let backups = try Restorable.run(["backups", "--config", file])
        #expect(backups.status == 0)
        #expect(backups.outputText.contains("✗ failed (truncated)"))
        // The daemon writes; a run beside it says that it does not.
        let run = try Restorable.run(["verify", "--config", file, "--database", "shop", "--until", "integrity"])
        #expect(run.status == 0)
        #expect(run.errorText.contains("the results are not in the history: another process has the history"))
        try daemon.waitForMetric(#"backup_verification_runs_total{database="shop",verdict="verified"} 1"#)
        #expect(try daemon.end(SIGTERM) == .exited(0))
        #expect(lines(try history()).count == 3)
    }

    /// What the daemon shows after a restart, it learned from the run of the command line.
    @Test func theDaemonKnowsOfOneShotRuns() throws {
        let suspended = Self.databases(shop).replacing("schedule: after_each_backup", with: "suspend: true")
        try DaemonProcess.write(suspended, in: shop.directory)
        _ = try shop.directory.write("", to: "history.sqlite")
        #expect(try Restorable.run(["verify", "--config", file]).status == 1)
        let daemon = try DaemonProcess(suspended, in: shop.directory)
        try daemon.waitForMetric(#"backup_verification_status{database="shop",status="verified"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="cut",status="failed"} 1"#)
    }

    @Test func aDamagedHistoryIsLeftAsItIs() throws {
        let path = try shop.directory.write("not a database at all, whatever its name says", to: "history.sqlite")
        let result = try history()
        #expect(result.status == 2)
        #expect(result.errorText.contains("is damaged"))
        let run = try Restorable.run(["verify", "--config", file, "--database", "shop", "--until", "integrity"])
        #expect(run.status == 0)
        #expect(run.errorText.contains("the results are not in the history"))
        #expect(try TestFile.text(path) == "not a database at all, whatever its name says")
        #expect(try !Tool.run("ls", [shop.directory.path]).outputText.contains("corrupt"))
    }

    @Test func wrongUseIs64() throws {
        _ = try shop.directory.write("", to: "history.sqlite")
        _ = try Restorable.run(["verify", "--config", file, "--until", "integrity"])
        #expect(try Restorable.run(["history"]).status == 64)
        for arguments in [
            ["--database", "shpo"], ["--limit", "0"], ["x"], ["99"], ["1", "--database", "shop"],
            ["--kind", "drills"], ["1", "--kind", "drill"],
        ] {
            #expect(try history(arguments).status == 64, "\(arguments)")
        }
        _ = try shop.directory.write("databases: [{nme: shop}]", to: "bad.yml")
        #expect(try Restorable.run(["history", "--config", shop.directory.file("bad.yml")]).status == 78)
    }
}
