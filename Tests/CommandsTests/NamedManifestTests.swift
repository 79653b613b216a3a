import Glibc
import TestSupport
import Testing

/// Manifests among the backups of a command line, and manifests that can't be believed.
@Suite struct NamedManifestTests {
    private let shop: RestoredShop
    private let backup: String
    private let manifest: String

    init() throws {
        shop = try RestoredShop()
        backup = shop.directory.file("shop.sql.gz")
        manifest = backup + ".manifest.json"
        try #require(try Restorable.run(["dump", shop.database.conninfo, backup]).status == 0)
    }

    private func verify(_ paths: [String]) throws -> ToolResult {
        try RestoredShop.verify(["--json", "--until", "integrity"] + paths)
    }

    @Test func aPatternPicksUpManifests() throws {
        let result = try verify([backup, manifest])
        #expect(result.status == 0)
        #expect(result.outputText.split(separator: "\n").count == 1)
        let other = try shop.dump()
        #expect(try verify([manifest, other]).outputText.split(separator: "\n").count == 1)
    }

    @Test(arguments: [1, 2])
    func aManifestAloneIsNoBackup(times: Int) throws {
        let result = try verify(Array(repeating: manifest, count: times))
        #expect(result.status == 2)
        #expect(result.outputText.split(separator: "\n").count == times)
        #expect(result.outputText.contains("Name the backup: \(backup)"))
    }

    @Test func aManifestWithoutItsBackupIsTold() throws {
        let orphan = shop.directory.file("gone.sql.manifest.json")
        try TestFile.write(try TestFile.read(manifest), to: orphan)
        let result = try verify([backup, orphan])
        #expect(result.status == 2)
        #expect(result.outputText.split(separator: "\n").count == 2)
    }

    @Test func aBackupNamedLikeAManifestIsVerified() throws {
        let odd = shop.directory.file("odd.manifest.json")
        try TestFile.write(try TestFile.read(try shop.dump()), to: odd)
        #expect(try verify([odd]).status == 0)
    }

    @Test func aLinkToNoManifestIsInconclusive() throws {
        #expect(try verify([backup]).outputText.contains(#""proof":"manifest""#))
        try #require(unlink(manifest) == 0)
        #expect(try verify([backup]).status == 0)
        try #require(symlink("nowhere.json", manifest) == 0)
        let result = try verify([backup])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"manifest-unusable""#))
    }

    @Test func aManifestOfTheFutureIsNotBelieved() throws {
        let text = try TestFile.text(manifest)
        let future = text.replacing(/"snapshot_at"\s*:\s*"20/, with: "\"snapshot_at\":\"21")
        try #require(future != text)
        try TestFile.write(Array(future.utf8), to: manifest)
        let result = try verify([backup])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"manifest-unusable""#))
    }
}
