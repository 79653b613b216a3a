import Backups
import Processes
import TestSupport
import Testing

/// `dump`, `manifest` and `compare` on a real server, and `verify` with what they wrote.
@Suite(.serialized) struct DumpAndManifestTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    /// - Parameter name: within the directory; the directory itself when not given.
    private func dump(_ name: String? = nil, _ arguments: [String] = []) throws -> ToolResult {
        let location = name.map { shop.directory.file($0) } ?? shop.directory.path
        return try Restorable.run(["dump", shop.database.conninfo, location] + arguments)
    }

    @Test func aDumpIntoADirectoryIsNamedForItsDatabase() throws {
        #expect(try dump().status == 0)
        let names = try TestFile.names(in: shop.directory.path).sorted()
        #expect(names.count == 2)
        #expect(names[0].hasPrefix("\(shop.database.name)-20"))
        #expect(names[0].hasSuffix(".sql.gz"))
        #expect(names[1] == names[0] + ".manifest.json")
    }

    @Test func aDumpIsVerifiedAgainstItsManifest() throws {
        let made = try dump("shop.sql.gz", ["--checksums"])
        #expect(made.status == 0)
        #expect(made.outputText.contains("550 rows"))
        let path = shop.directory.file("shop.sql.gz")
        let result = try RestoredShop.verify(["--json", path])
        #expect(result.status == 0)
        #expect(result.outputText.contains(#""proof":"manifest","proved_through":"checksums""#))
        #expect(result.outputText.contains(#""data_as_of_source":"manifest""#))
        #expect(result.outputText.contains(#""restored_rows":500,"reference_rows":500,"proof":"manifest""#))
    }

    /// Rows come and go while it is dumped: the manifest and the dump are of one moment all the same.
    @Test func aBusyDatabaseIsDumpedAndCountedInOneSnapshot() throws {
        let work = """
            DO $$ BEGIN FOR i IN 1000..10000000 LOOP
                INSERT INTO users VALUES (i, 'new'); INSERT INTO orders VALUES (i, i, now()); COMMIT;
                DELETE FROM orders WHERE id = i - 7; DELETE FROM users WHERE id = i - 7; COMMIT;
            END LOOP; END $$
            """
        let writer = try ChildProcess.start(
            Command(
                shop.database.server.installation.tool("psql"), ["-X", "-q", "-d", shop.database.conninfo, "-c", work],
                environment: CleanEnvironment.variables(), parentDeathSignal: .kill))
        defer {
            writer.terminate(grace: .seconds(10))
            #expect(throws: Never.self) { try shop.database.endSessions() }
        }
        try DaemonProcess.eventually("rows come") {
            try shop.database.query("SELECT max(id) > 1000 FROM orders") == "t"
        }
        for number in 1...3 {
            let before = try shop.database.query("SELECT max(id) FROM orders")
            #expect(try dump("shop-\(number).sql.gz", ["--checksums"]).status == 0)
            #expect(try shop.database.query("SELECT max(id) FROM orders") != before)
            let result = try RestoredShop.verify(["--json", shop.directory.file("shop-\(number).sql.gz")])
            #expect(result.status == 0, "\(result.outputText)")
            #expect(result.outputText.contains(#""proof":"manifest","proved_through":"checksums""#))
        }
    }

    /// Puts `replacement` for `part` of the manifest of a backup.
    private func rewrite(_ backup: String, _ part: some RegexComponent, _ replacement: String) throws {
        let path = backup + ".manifest.json"
        let text = try TestFile.text(path)
        let other = text.replacing(part, with: replacement)
        try #require(other != text)
        try TestFile.write(Array(other.utf8), to: path)
    }

    @Test func largeObjectsAreHeldAgainstTheManifest() throws {
        try shop.database.run("SELECT lo_from_bytea(0, 'one'), lo_from_bytea(0, 'two')")
        let path = shop.directory.file("shop.sql.gz")
        #expect(try dump("shop.sql.gz").status == 0)
        let whole = try RestoredShop.verify(["--json", path])
        #expect(whole.status == 0)
        #expect(whole.outputText.contains(#""name":"large-objects","verdict":"verified""#))
        #expect(whole.outputText.contains(#""proof":"manifest""#))
        try rewrite(path, /"count"\s*:\s*2/, #""count":3"#)
        let less = try RestoredShop.verify(["--json", path])
        #expect(less.status == 1)
        #expect(less.outputText.contains(#""name":"large-objects","verdict":"failed","reason":"rows-differ""#))
        #expect(!less.outputText.contains(#""proof":"manifest","proved_through":"rows""#))
        let part = try RestoredShop.verify(["--json", "--table", "public.users", path])
        #expect(!part.outputText.contains(#""name":"large-objects""#))
    }

    @Test func aManifestThatNamesATableProvesThatTable() throws {
        let path = shop.directory.file("shop.sql.gz")
        #expect(try dump("shop.sql.gz").status == 0)
        let whole = try RestoredShop.verify(["--json", path])
        #expect(whole.outputText.contains(#""proof":"manifest","proved_through":"rows""#))
        #expect(whole.outputText.contains("equal to the manifest"))
        try rewrite(path, /\{[^{}]*"name"\s*:\s*"orders"[^{}]*\}\s*,/, "")
        let part = try RestoredShop.verify(["--json", path])
        #expect(part.status == 0)
        #expect(part.outputText.contains(#""proof":"self","proved_through":"rows""#))
        #expect(part.outputText.contains("the manifest names 1 of the tables"))
        #expect(part.outputText.contains("does not name 1 more table of the dump"))
        #expect(!part.outputText.contains("equal to the manifest"))
    }

    @Test func anotherFileUnderTheManifestFails() throws {
        #expect(try dump("shop.sql.gz").status == 0)
        let path = shop.directory.file("shop.sql.gz")
        try TestFile.write(Array(try TestFile.read(path)) + [0], to: path)
        let result = try RestoredShop.verify(["--json", path])
        #expect(result.status == 1)
        #expect(result.outputText.contains(#""name":"manifest-digest","verdict":"failed","reason":"size-mismatch""#))
    }

    @Test func aDamagedManifestIsInconclusive() throws {
        let path = try shop.dump()
        _ = try shop.directory.write("{", to: "shop.sql.manifest.json")
        let result = try RestoredShop.verify(["--json", path])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"manifest-unusable""#))
    }

    @Test func aManifestOfAnExistingBackupFixesItsBytes() throws {
        let path = try shop.dump()
        #expect(try Restorable.run(["manifest", "write", path]).status == 0)
        #expect(try Restorable.run(["manifest", "write", path]).status == 2)
        #expect(try Restorable.run(["manifest", "check", path]).status == 0)
        let verified = try RestoredShop.verify(["--json", path])
        #expect(verified.status == 0)
        #expect(verified.outputText.contains(#""proof":"self""#))
        #expect(verified.outputText.contains(#""content":"proved""#))
        try TestFile.write(Array(try TestFile.text(path).replacing("user 33", with: "user 34").utf8), to: path)
        #expect(try Restorable.run(["manifest", "check", path]).status == 1)
        let flipped = try RestoredShop.verify(["--json", path])
        #expect(flipped.status == 1)
        #expect(flipped.outputText.contains(#""reason":"digest-mismatch""#))
    }

    @Test func aDumpThatFailsLeavesNothing() throws {
        let result = try Restorable.run(["dump", "host=/nonexistent dbname=x", shop.directory.path])
        #expect(result.status == 2)
        #expect(try TestFile.names(in: shop.directory.path).isEmpty)
    }

    @Test func twoDatabasesAreCompared() throws {
        let path = try shop.dump()
        let copy = try TestServer.shared().createDatabase()
        #expect(try copy.restoreWithPsql(path).status == 0)
        let same = try Restorable.run(["compare", shop.database.conninfo, copy.conninfo, "--checksums"])
        #expect(same.status == 0)
        #expect(same.outputText.hasSuffix("VERIFIED\n"))
        try copy.run("UPDATE users SET name = 'x' WHERE id = 1; DROP INDEX orders_created_at_idx")
        let other = try Restorable.run(["compare", "--json", shop.database.conninfo, copy.conninfo, "--checksums"])
        #expect(other.status == 1)
        #expect(other.outputText.contains(#""reason":"checksums-differ""#))
        #expect(other.outputText.contains("orders_created_at_idx"))
    }
}
