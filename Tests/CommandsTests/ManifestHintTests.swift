import TestSupport
import Testing

/// A manifest that holds nothing to compare with says how to make one that does.
@Suite(.serialized) struct ManifestHintTests {
    private let shop: RestoredShop
    private let backup: String

    init() throws {
        shop = try RestoredShop()
        backup = shop.directory.file("shop.sql.gz")
        try #require(try Restorable.run(["dump", "--checksums", shop.database.conninfo, backup]).status == 0)
    }

    @Test func aManifestWithoutTablesSaysHowToMakeOne() throws {
        #expect(try RestoredShop.verify([backup]).status == 0)
        let path = backup + ".manifest.json"
        let text = try TestFile.text(path)
        let bare = text.replacing(/"tables"\s*:\s*\[[^\]]*\]/, with: "\"tables\":[]")
        try #require(bare != text)
        try TestFile.write(Array(bare.utf8), to: path)
        let result = try RestoredShop.verify(["--json", backup])
        #expect(result.status != 0)
        #expect(result.outputText.contains("the manifest names none of the restored tables"), "\(result.outputText)")
        #expect(result.outputText.contains("Write a manifest of this backup with restorable manifest write"))
    }

    @Test func aManifestWithoutChecksumsSaysHowToMakeSome() throws {
        #expect(try RestoredShop.verify(["--checksums", backup]).status == 0)
        let plain = shop.directory.file("plain.sql.gz")
        try #require(try Restorable.run(["dump", shop.database.conninfo, plain]).status == 0)
        let result = try RestoredShop.verify(["--json", "--checksums", plain])
        #expect(result.status == 2)
        #expect(result.outputText.contains("there is nothing to compare checksums with"), "\(result.outputText)")
        #expect(result.outputText.contains("make the next backup with restorable dump --checksums"))
    }

    @Test func aDamagedManifestSaysWhyOnce() throws {
        let path = backup + ".manifest.json"
        let text = try TestFile.text(path)
        #expect(try Restorable.run(["manifest", "check", backup]).status == 0)
        for (damaged, why) in [
            (String(text.prefix(text.count / 2)), "The given data was not valid JSON"),
            (text.replacing("\"sha256\"", with: "\"sha255\""), "backup: sha256 is missing"),
        ] {
            try TestFile.write(Array(damaged.utf8), to: path)
            let result = try Restorable.run(["manifest", "check", backup])
            #expect(result.status == 2)
            #expect(
                result.errorText.split(separator: "\n").first.map(String.init)
                    == "restorable: \(path) is not a manifest, or is damaged: \(why) (manifest-unusable)")
            let verified = try RestoredShop.verify(["--until", "integrity", backup])
            #expect(verified.outputText.contains("is damaged: \(why)"))
        }
    }

    @Test func aMissingManifestSaysHowToMakeOne() throws {
        #expect(try Restorable.run(["manifest", "check", backup]).status == 0)
        let result = try Restorable.run(["manifest", "check", try shop.dump()])
        #expect(result.status == 2)
        #expect((result.outputText + result.errorText).contains("restorable manifest write BACKUP"))
    }
}
