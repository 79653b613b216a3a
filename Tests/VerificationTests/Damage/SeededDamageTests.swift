import Backups
import TestSupport
import Testing

/// Any bit, any cut, over many seeds. With a manifest never verified; without one never where the format can show it,
/// and elsewhere the report says that the content is unproved.
@Suite struct SeededDamageTests {
    enum Original: String, CaseIterable, Sendable {
        case plain, gzip, custom, customRaw, tar

        func path(_ lab: DamageLab) -> String {
            switch self {
            case .plain: lab.plain
            case .gzip: lab.gzip
            case .custom: lab.custom
            case .customRaw: lab.customRaw
            case .tar: lab.tar
            }
        }
    }

    private static let rounds = 60

    @Test(arguments: Original.allCases)
    func flippedBits(original: Original) throws {
        let path = original.path(try DamageLab.shared())
        let directory = try TemporaryDirectory()
        let manifest = try DamageLab.manifest(of: path, in: directory)
        #expect(DamageLab.verify(path, manifest: manifest).conclusion.verdict == .verified)
        let bits = UInt64(try TestFile.size(path)) * 8
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<Self.rounds {
            let damage = Damage.flipBit(generator.next() % bits)
            let held = try DamageLab.verify(path, damage, manifest: manifest)
            #expect(held.conclusion.verdict != .verified, "\(damage), against the manifest")
            let alone = try DamageLab.verify(path, damage)
            guard alone.conclusion.verdict == .verified, alone.conclusion.content == .proved else { continue }
            // Bytes 4 to 9 of a gzip header are a time and two hints: the content is what it was.
            #expect(original == .gzip, "\(damage): proved")
            let copy = try damage.copy(path, to: directory.file("copy.gz"))
            let content = try Tool.run("gzip", ["-dc"], input: copy).output
            #expect(try content == TestFile.read(DamageLab.shared().plain), "\(damage): proved, but another content")
        }
    }

    @Test(arguments: Original.allCases)
    func cuts(original: Original) throws {
        let path = original.path(try DamageLab.shared())
        let directory = try TemporaryDirectory()
        let manifest = try DamageLab.manifest(of: path, in: directory)
        // Whatever follows the end of the dump proper may be missing: line feeds, or zeros at the end of a tar.
        let size = try TestFile.size(path)
        let end: Int
        switch original {
        case .plain: end = try #require(try TestFile.text(path).utf8Offset(of: "dump complete"))
        case .tar: end = size - 1024
        case .gzip, .custom, .customRaw: end = size
        }
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<Self.rounds {
            let damage = Damage.cut(at: Int(generator.next() % UInt64(end)))
            let held = try DamageLab.verify(path, damage, manifest: manifest)
            #expect(held.conclusion.verdict == .failed, "\(damage), against the manifest")
            let alone = try DamageLab.verify(path, damage)
            #expect(alone.conclusion.verdict == .failed, "\(damage): \(alone.conclusion.message)")
        }
    }
}
