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
}
