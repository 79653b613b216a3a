import TestSupport
import Testing

/// `--table` and `--schema` with a manifest beside the backup, which is of all of it.
@Suite(.serialized) struct SelectionWithManifestTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    @Test(
        arguments: [["--table", "public.users"], ["--schema", "public"], ["--table", "public.nosuch"]],
        ["plain", "custom"])
    func aSelectionIsNeverHeldAgainstTheWhole(_ selection: [String], _ format: String) throws {
        try shop.database.run("SELECT lo_from_bytea(0, 'x')")
        let path = shop.directory.file("shop.\(format)")
        let dumped = try Restorable.run(
            ["dump", "--checksums", "--format", format, shop.database.conninfo, path])
        #expect(dumped.status == 0, "\(dumped.errorText)")
        let whole = try RestoredShop.verify([path])
        #expect(whole.status == 0, "\(whole.outputText)")
        let result = try RestoredShop.verify(selection + [path])
        #expect(result.status == 2, "\(result.outputText)")
        #expect(result.outputText.contains("checksums were held against nothing"), "\(result.outputText)")
    }

    /// pg_restore leaves an extension out of a selection, and with it the types of columns.
    @Test func whatASelectionLacksIsNotTheBackupsFault() throws {
        try shop.database.run("CREATE EXTENSION hstore; CREATE TABLE h AS SELECT 'a=>1'::hstore AS v")
        let path = try shop.database.dump(["-Fc"], to: shop.directory.file("hstore.dump"))
        #expect(try RestoredShop.verify([path]).status == 0)
        let result = try RestoredShop.verify(["--schema", "public", path])
        #expect(result.status == 2, "\(result.outputText)")
        #expect(!result.outputText.contains("restored all of it"), "\(result.outputText)")
        #expect(result.outputText.contains("1 table of the selection did not come back"), "\(result.outputText)")
    }
}
