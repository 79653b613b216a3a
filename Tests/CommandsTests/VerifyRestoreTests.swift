import Backups
import TestSupport
import Testing

/// `verify` from the bytes to the rows, on real dumps of a real server.
@Suite(.serialized) struct VerifyRestoreTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    @Test func aPlainDumpIsVerified() throws {
        let result = try RestoredShop.verify([try shop.dump()])
        #expect(result.status == 0)
        let last = result.outputText.split(separator: "\n").last
        #expect(last == "VERIFIED  shop.sql: restored: 2 tables, 550 rows, as many as the dump holds")
        #expect(result.outputText.contains("content: unproved"))
    }

    @Test func aCompressedDumpIsVerifiedWithItsContent() throws {
        let path = try Compressor.gzip.compress(try shop.dump())
        let result = try RestoredShop.verify(["--json", "--rto", "1h", path])
        #expect(result.status == 0)
        let text = result.outputText
        #expect(text.contains(#""verdict":"verified","reason":null"#))
        #expect(text.contains(#""proof":"self","proved_through":"rows","stopped_after":null,"content":"proved""#))
        #expect(text.contains(#"{"name":"public.orders","dump_rows":500,"restored_rows":500,"reference_rows":null,"#))
        #expect(text.contains(#""met":true,"basis":"fast scratch: a lower bound""#))
        #expect(text.contains(#""postgresql":"15."#))
    }

    @Test func standardInputIsVerified() throws {
        let result = try RestoredShop.verify(["-"], input: try Compressor.gzip.compress(try shop.dump()))
        #expect(result.status == 0)
        #expect(result.outputText.contains("VERIFIED"))
    }

    @Test func aFilterDecrypts() throws {
        let plain = try shop.dump()
        let path = shop.directory.file("shop.rot")
        try Tool.shell("tr 'A-Za-z' 'N-ZA-Mn-za-m' < \"$1\" > \"$2\"", [plain, path])
        let result = try RestoredShop.verify(["--json", "--filter", "tr 'A-Za-z' 'N-ZA-Mn-za-m'", path])
        #expect(result.status == 0)
        let digest = try Tool.run("sha256sum", [path]).outputText.prefix(64)
        #expect(result.outputText.contains(#""sha256":"\#(digest)""#))
        let failed = try RestoredShop.verify(["--filter", "false", path])
        #expect(failed.status == 2)
    }

    @Test(arguments: ["true", "cat > /dev/null"])
    func aFilterThatWritesNothingIsNoEmptyBackup(filter: String) throws {
        let path = try shop.directory.write(String(repeating: "x", count: 3000), to: "secret.gpg")
        let result = try RestoredShop.verify(["--json", "--filter", filter, path])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"filter-failed""#))
        let empty = try RestoredShop.verify(["--json", "--filter", filter, try shop.directory.write("", to: "empty")])
        #expect(empty.status == 1)
        #expect(empty.outputText.contains(#""reason":"empty-file""#))
    }

    @Test func aStatementThatFailsIsToldWithItsLine() throws {
        let path = try shop.dump()
        #expect(try RestoredShop.verify(["--until", "restore", path]).status == 0)
        let text = try TestFile.text(path).replacing("name text NOT NULL", with: "name nosuchtype NOT NULL")
        let result = try RestoredShop.verify(["--json", try shop.directory.write(text, to: "broken.sql")])
        #expect(result.status == 1)
        #expect(result.outputText.contains(#""verdict":"failed""#))
        #expect(result.outputText.contains(#""sqlstate":"42704""#))
        #expect(result.outputText.contains("nosuchtype"))
    }

    @Test func rowsThatViolateAConstraintFail() throws {
        let text = try TestFile.text(try shop.dump()).replacing("\n50\tuser 50\n", with: "\n49\tuser 50\n")
        let result = try RestoredShop.verify(["--json", try shop.directory.write(text, to: "broken.sql")])
        #expect(result.status == 1)
    }

    @Test func aDumpOfANewerServerIsInconclusive() throws {
        let text = try TestFile.text(try shop.dump())
            .replacing(#/Dumped from database version [0-9.]+/#, with: "Dumped from database version 99.1")
        let result = try RestoredShop.verify(["--json", try shop.directory.write(text, to: "new.sql")])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"server-too-old""#))
        #expect(result.outputText.contains(#""proved_through":"integrity""#))
        #expect(result.outputText.contains("postgresql-99"))
    }

    @Test func aLiveDatabaseIsComparedWith() throws {
        let path = try shop.dump()
        let same = try RestoredShop.verify(["--json", "--against", shop.database.conninfo, path])
        #expect(same.status == 0)
        #expect(same.outputText.contains(#""reference_rows":500"#))
        try shop.database.run("DELETE FROM orders WHERE id = 1")
        let moved = try RestoredShop.verify(["--json", "--against", shop.database.conninfo, path])
        #expect(moved.status == 2)
        #expect(moved.outputText.contains(#""reason":"rows-differ""#))
        let drift = try RestoredShop.verify(["--against", shop.database.conninfo, "--drift", "1%", path])
        #expect(drift.status == 0)
        try shop.database.run("DELETE FROM orders WHERE id < 100; ALTER TABLE users ADD COLUMN email text")
        let far = try RestoredShop.verify(["--json", "--against", shop.database.conninfo, "--drift", "1%", path])
        #expect(far.status == 1)
        #expect(far.outputText.contains("email"))
    }

    @Test func aWrongPasswordIsInconclusive() throws {
        try shop.database.server.makePasswordRole()
        let conninfo = shop.database.server.conninfo(database: shop.database.name, user: TestServer.passwordRole)
        let result = try RestoredShop.verify(
            ["--json", "--against", conninfo, try shop.dump()], environment: ["PGPASSWORD": "wr0ngPassw0rd"])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"authentication-failed""#))
        #expect(!result.outputText.contains("wr0ngPassw0rd"))
        #expect(!result.errorText.contains("wr0ngPassw0rd"))
    }

    @Test func questionsAreAsked() throws {
        let path = try shop.dump()
        let good = try RestoredShop.verify([
            "--fresh", "orders.created_at", "--rpo", "1h", "--query", "many=SELECT count(*) > 10 FROM orders", path,
        ])
        #expect(good.status == 0)
        let old = try RestoredShop.verify(["--json", "--query", "none=SELECT count(*) = 0 FROM orders", path])
        #expect(old.status == 1)
        #expect(old.outputText.contains(#""reason":"query-false""#))
        let wrong = try RestoredShop.verify(["--json", "--query", "x=SELECT 1/0", path])
        #expect(wrong.status == 2)
    }

    @Test func whatIsFreshIsToldWithItsLimit() throws {
        let path = try shop.dump()
        #expect(try RestoredShop.verify(["--json", path]).outputText.contains(#""freshness":[],"#))
        let rule = ["--json", "--fresh", "orders.created_at"]
        for (limit, seconds, verdict) in [("1h", "3600", "verified"), ("1s", "1", "inconclusive")] {
            let text = try RestoredShop.verify(rule + ["--rpo", limit, path]).outputText
            let told = try #require(text.firstMatch(of: /"freshness":\[\{("table".*?)\}\]/)).1
            #expect(told.hasPrefix(#""table":"public.orders","column":"created_at","newest":"20"#))
            #expect(told.hasSuffix(#""limit_seconds":\#(seconds),"verdict":"\#(verdict)""#), "\(told)")
        }
        let unread = try RestoredShop.verify(["--json", "--fresh", "users.name", "--rpo", "1h", path])
        #expect(unread.outputText.contains(#""newest":null,"limit_seconds":3600,"verdict":"inconclusive"}]"#))
    }

    @Test func aSelectionSaysThatItIsOne() throws {
        let result = try RestoredShop.verify(["--json", "--table", "users", try shop.dump()])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"selection-only""#))
        #expect(result.outputText.contains(#"{"name":"public.users","dump_rows":50,"restored_rows":50"#))
    }
}
