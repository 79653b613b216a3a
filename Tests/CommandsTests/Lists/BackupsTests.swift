import Glibc
import TestSupport
import Testing

/// `restorable backups`, over files that need no server.
@Suite struct BackupsTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        mkdir(directory.file("backups"), 0o755)
        try write("-- PostgreSQL database dump\nSELECT 1;\n", to: "shop-20261119-020000.sql", age: "2 hours ago")
        try write("-- PostgreSQL database dump\nSELECT 1;\n", to: "shop-20261120-020000.sql", age: "1 hour ago")
        try write("age-encryption.org/v1\n", to: "shop-20261118-020000.sql.age", age: "3 hours ago")
        try write("-- PostgreSQL database dump\n", to: "shop-20261121-020000.sql", age: "now")
    }

    private func write(_ text: String, to name: String, age: String) throws {
        try Tool.run("touch", ["--date", age, try directory.write(text, to: "backups/\(name)")])
    }

    private func configuration(_ more: String = "") throws -> String {
        try directory.write(
            """
            history: \(directory.file("history.sqlite"))
            databases:
              - name: shop
                backups: { location: \(directory.file("backups")), match: "shop-{time:yyyyMMdd-HHmmss}.sql*" }
            \(more)
            """, to: "restorable.yml")
    }

    @Test func eachBackupIsALineTheNewestFirst() throws {
        let result = try Restorable.run(["backups", "--config", configuration()])
        #expect(result.status == 0)
        #expect(result.errorText == "")
        let lines = result.outputText.split(separator: "\n").map(String.init)
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("database  backup"))
        #expect(lines[1].contains("shop-20261121-020000.sql"))
        #expect(lines[1].contains("in-progress"))
        #expect(lines[2].hasPrefix("shop      shop-20261120-020000.sql      plain"))
        #expect(lines[2].contains("38 B  2026-11-20T02:00:00Z"))
        #expect(lines[2].contains("complete"))
        #expect(lines[4].contains("encrypted (age)"))
        #expect(!result.outputText.contains("\u{1B}"))
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func machinesGetALineOfJSONForEach() throws {
        let result = try Restorable.run(["backups", "--json", "--config", configuration()])
        let lines = result.outputText.split(separator: "\n").map(String.init)
        #expect(lines.count == 4)
        let start = #"{"version":1,"database":"shop","location":"\#(directory.file("backups"))","state":"#
        #expect(
            lines[0].hasPrefix(
                start + #""in-progress","backup":{"name":"shop-20261121-020000.sql","kind":"logical","format":null,"#))
        #expect(lines[1].hasPrefix(start + #""complete","backup":{"name":"shop-20261120-020000.sql""#))
        #expect(
            lines[1].contains(
                #""format":"plain","compression":"none","content":null,"size_bytes":38,"data_as_of":"2026-11-20T02:00:00Z""#
            ))
        #expect(lines[1].hasSuffix(#""last_verification":null,"reason":null,"message":null,"hint":null}"#))
    }

    @Test func aLocationThatCantBeListedHidesNoOther() throws {
        let file = try configuration(
            """
              - { name: gone, backups: { location: \(directory.file("nowhere")) } }
              - { name: none, backups: { location: \(directory.file("backups")), match: "none-*" } }
            """)
        let result = try Restorable.run(["backups", "--config", file])
        #expect(result.status == 2)
        #expect(result.outputText.contains("shop-20261120-020000.sql"))
        #expect(result.outputText.contains("gone      location can't be listed\n"))
        #expect(result.outputText.contains("none      no backup\n"))
        #expect(
            result.errorText.contains("gone: \(directory.file("nowhere")) can't be listed: No such file or directory"))
        let json = try Restorable.run(["backups", "--json", "--config", file, "--database", "gone"])
        #expect(json.status == 2)
        #expect(
            json.outputText.contains(
                #""state":"unreachable","backup":null,"last_verification":null,"reason":"unreadable""#))
        #expect(try Restorable.run(["backups", "--config", file, "--database", "shop"]).status == 0)
    }

    @Test func databasesThatAreFoundAreListedByTheirNames() throws {
        for name in ["one", "two"] {
            try write("-- PostgreSQL database dump\n", to: "\(name)-20261120.sql", age: "1 hour ago")
        }
        let file = try configuration(
            """
              - { name: "{database}", backups: { location: \(directory.file("backups")), match: "{database}-{time:yyyyMMdd}.sql" } }
            """)
        let result = try Restorable.run(["backups", "--config", file])
        #expect(result.status == 0, "\(result.errorText)")
        let names = result.outputText.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(names == ["database", "one", "shop", "shop", "shop", "shop", "two"])
        let one = try Restorable.run(["backups", "--json", "--config", file, "--database", "two"])
        #expect(one.status == 0)
        #expect(one.outputText.hasPrefix(#"{"version":1,"database":"two","#))
        #expect(one.outputText.split(separator: "\n").count == 1)
    }

    @Test func wrongUseIs64() throws {
        let file = try configuration()
        #expect(try Restorable.run(["backups"]).status == 64)
        let unknown = try Restorable.run(["backups", "--config", file, "--database", "shpo"])
        #expect(unknown.status == 64)
        #expect(unknown.errorText.contains("there is no database \"shpo\"; there is shop"))
        #expect(try Restorable.run(["backups"], environment: ["RESTORABLE_CONFIG": file]).status == 0)
    }

    @Test func aHistoryThatCantBeReadHidesNoBackup() throws {
        _ = try directory.write("no database at all, whatever its name says", to: "history.sqlite")
        let result = try Restorable.run(["backups", "--config", configuration()])
        #expect(result.status == 2)
        #expect(result.outputText.split(separator: "\n").count == 5)
        #expect(result.errorText.contains("the verifications are left out: the history"))
    }

    @Test func theLastVerificationStandsBesideItsBackup() throws {
        let file = try configuration()
        _ = try directory.write("", to: "history.sqlite")
        let all = ["verify", "--config", file, "--all", "--until", "integrity"]
        #expect(try Restorable.run(all).status == 1)
        let text = try Restorable.run(["backups", "--config", file])
        #expect(text.status == 0, "\(text.errorText)")
        let lines = text.outputText.split(separator: "\n").map(String.init)
        #expect(lines[2].contains("✗ failed (truncated)"), "\(lines[2])")
        #expect(lines[4].contains("? inconclusive (encrypted)"), "\(lines[4])")
        // One that is written again is another backup, which nobody has verified.
        try write("-- PostgreSQL database dump\nSELECT 2, 3;\n", to: "shop-20261120-020000.sql", age: "1 hour ago")
        let again = try Restorable.run(["backups", "--json", "--config", file]).outputText.split(separator: "\n")
        #expect(again[1].contains(#""last_verification":null"#))
        #expect(again[2].contains(#""last_verification":{"id":"#))
    }
}
