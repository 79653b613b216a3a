import Backups
import TestSupport
import Testing

/// `verify` restores each format and each compression.
@Suite(.serialized) struct VerifyFormatsTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    private func expectVerified(_ arguments: [String], format: String, input: String? = nil) throws {
        let result = try RestoredShop.verify(["--json"] + arguments, input: input)
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.contains(#""format":"\#(format)""#))
        #expect(result.outputText.contains(#""dump_rows":500,"restored_rows":500"#))
        #expect(result.outputText.contains(#""proved_through":"rows""#))
    }

    @Test(arguments: [("custom", "-Fc"), ("directory", "-Fd"), ("tar", "-Ft")])
    func archives(format: String, option: String) throws {
        let path = try shop.database.dump([option], to: shop.directory.file("shop.\(format)"))
        try expectVerified([path], format: format)
    }

    @Test func anArchiveFromStandardInput() throws {
        let path = try shop.database.dump(["-Fc"], to: shop.directory.file("shop.dump"))
        try expectVerified(["-"], format: "custom", input: path)
    }

    @Test func anArchiveCompressedAsAWhole() throws {
        let path = try shop.database.dump(["-Fc", "-Z0"], to: shop.directory.file("shop.dump"))
        let packed = try Compressor.gzip.compress(path)
        try expectVerified([packed], format: "custom")
        let bytes = try TestFile.read(packed)
        let cut = shop.directory.file("cut.dump.gz")
        try TestFile.write(Array(bytes.dropLast(9)), to: cut)
        #expect(try RestoredShop.verify([cut]).status == 1)
    }

    @Test func aCutArchiveFailsFromStandardInputToo() throws {
        let path = try shop.database.dump(["-Fc"], to: shop.directory.file("shop.dump"))
        try TestFile.write(Array(try TestFile.read(path).dropLast(200)), to: path)
        #expect(try RestoredShop.verify([path]).status == 1)
        #expect(try RestoredShop.verify(["-"], input: path).status == 1)
    }

    @Test(arguments: Compressor.allCases) func compressions(compressor: Compressor) throws {
        try expectVerified([try compressor.compress(try shop.dump())], format: "plain")
    }

    /// What no decoder takes unasked is no damage.
    @Test func aLongWindowOfZstdWantsTheFilter() throws {
        let path = try Compressor.zstd.compress(try shop.dump(), options: ["--ultra", "--long=31"])
        let result = try RestoredShop.verify(["--json", path])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""verdict":"inconclusive","reason":"unsupported-format""#))
        #expect(result.outputText.contains("--filter 'zstd -dc --long=31'"))
        try expectVerified(["--filter", "zstd -dc --long=31", path], format: "plain")
        let cut = try Damage.cutEnd(300).copy(path, to: shop.directory.file("cut.zst"))
        #expect(try RestoredShop.verify(["--json", cut]).outputText.contains(#""reason":"truncated""#))
    }

    @Test func psqlItself() throws {
        try expectVerified(["--loader", "psql", try shop.dump()], format: "plain")
    }

    @Test func aWholeCluster() throws {
        let server = try TestServer()
        let database = try server.createDatabase(named: "one")
        try database.run("CREATE TABLE t AS SELECT generate_series(1, 7) AS a")
        try server.createDatabase(named: "two").run("CREATE TABLE t AS SELECT generate_series(1, 9) AS a")
        let path = try server.dumpAll(to: shop.directory.file("all.sql"))
        let result = try RestoredShop.verify(["--json", path])
        #expect(result.status == 0, "\(result.outputText)")
        #expect(result.outputText.contains(#""format":"plain-all""#))
        #expect(result.outputText.contains(#"{"name":"one/public.t","dump_rows":7,"restored_rows":7"#))
        #expect(result.outputText.contains(#"{"name":"two/public.t","dump_rows":9,"restored_rows":9"#))
    }

    @Test(arguments: [["--inserts"], ["--clean", "--if-exists"], ["--create"], ["--clean", "--create"]])
    func waysOfDumping(options: [String]) throws {
        try expectVerified([try shop.database.dump(options, to: shop.directory.file("shop.sql"))], format: "plain")
    }

    @Test func aSchemaWithoutRowsIsEmpty() throws {
        let path = try shop.database.dump(["--schema-only"], to: shop.directory.file("schema.sql"))
        let result = try RestoredShop.verify(["--json", path])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"empty""#))
        #expect(try RestoredShop.verify(["--allow-empty", path]).status == 0)
    }
}
