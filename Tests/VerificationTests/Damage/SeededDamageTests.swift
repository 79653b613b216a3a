import Backups
import TestSupport
import Testing

/// Any bit, any cut, any member dropped, over many seeds. With a manifest never verified; without one never where the
/// format can show it, and elsewhere the report says that the content is unproved.
@Suite struct SeededDamageTests {
    enum Original: String, CaseIterable, Sendable {
        case plain, gzip, zstd, xz, bzip2, lz4, members, cluster, custom, customRaw, tar, folder

        func path(_ lab: DamageLab) -> String {
            switch self {
            case .plain: lab.plain
            case .gzip: lab.gzip
            case .zstd: lab.compressed(.zstd)
            case .xz: lab.compressed(.xz)
            case .bzip2: lab.compressed(.bzip2)
            case .lz4: lab.compressed(.lz4)
            case .members: lab.members
            case .cluster: lab.cluster
            case .custom: lab.custom
            case .customRaw: lab.customRaw
            case .tar: lab.tar
            case .folder: lab.folder
            }
        }

        /// What makes the content of it, where it is compressed as a whole.
        var tool: String? {
            switch self {
            case .gzip, .members: "gzip"
            case .zstd: "zstd"
            case .xz: "xz"
            case .bzip2: "bzip2"
            case .lz4: "lz4"
            case .plain, .cluster, .custom, .customRaw, .tar, .folder: nil
            }
        }
    }

    private static let rounds = 60

    @Test(arguments: Original.allCases)
    func flippedBits(original: Original) throws {
        let lab = try DamageLab.shared()
        let path = original.path(lab)
        let directory = try TemporaryDirectory()
        let manifest = try DamageLab.manifest(of: path, in: directory)
        let intact = DamageLab.verify(path, manifest: manifest)
        #expect(intact.conclusion.verdict == .verified, "\(intact.conclusion.message)")
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<Self.rounds {
            let damaged = try DamagedCopy.flippingABit(of: path, &generator)
            let held = DamageLab.verify(damaged.path, manifest: manifest)
            #expect(held.conclusion.verdict != .verified, "\(damaged), against the manifest")
            let alone = DamageLab.verify(damaged.path)
            guard alone.conclusion.verdict == .verified, alone.conclusion.content == .proved else { continue }
            // Headers hold times and hints, and bits that stand for nothing: the content is what it was.
            let tool = try #require(original.tool, "\(damaged): proved")
            let content = try Tool.run(tool, ["-dc"], input: damaged.path).output
            #expect(try content == TestFile.read(lab.plain), "\(damaged): proved, but another content")
        }
    }

    @Test(arguments: Original.allCases)
    func cuts(original: Original) throws {
        let path = original.path(try DamageLab.shared())
        let directory = try TemporaryDirectory()
        let manifest = try DamageLab.manifest(of: path, in: directory)
        #expect(DamageLab.verify(path).conclusion.verdict == .verified)
        // Whatever follows the end of the dump proper may be missing: line feeds, or zeros at the end of a tar.
        let slack: Int
        switch original {
        case .plain, .cluster:
            let text = try TestFile.text(path)
            let end = try #require(text.ranges(of: "dump complete").last?.lowerBound)
            slack = text.utf8.distance(from: end, to: text.utf8.endIndex)
        case .tar: slack = 1024
        default: slack = 0
        }
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<Self.rounds {
            let damaged = try DamagedCopy.cutting(path, slack: slack, &generator)
            let held = DamageLab.verify(damaged.path, manifest: manifest)
            #expect(held.conclusion.verdict == .failed, "\(damaged), against the manifest")
            let alone = DamageLab.verify(damaged.path)
            #expect(alone.conclusion.verdict == .failed, "\(damaged): \(alone.conclusion.message)")
        }
    }

    /// Members, frames and streams that lie one after the other: each is whole, and nothing in the format says how many.
    @Test(arguments: [Compressor.gzip, .zstd, .xz, .bzip2, .lz4])
    func droppedMembers(compressor: Compressor) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("members.\(compressor.suffix)")
        let plain = try TestFile.read(DamageLab.shared().plain)
        var generator = SeededGenerator(seed: 3)
        for count in [2, 5, 9] {
            let members = try CompressedMembers(
                of: plain, count: count, by: compressor, cut: { Int(generator.next() % UInt64($0)) })
            try TestFile.write(members.bytes, to: path)
            let manifest = try DamageLab.manifest(of: path, in: directory)
            #expect(DamageLab.verify(path, manifest: manifest).conclusion.verdict == .verified)
            #expect(DamageLab.verify(path).conclusion.content == .unproved)
            // Each alone, and some together.
            let dropped = (0..<count).map { [$0] } + (0..<count).map { [$0, Int(generator.next() % UInt64(count))] }
            for dropped in dropped.map(Set.init) where dropped.count < count {
                try TestFile.write(members.dropping(dropped), to: path)
                let held = DamageLab.verify(path, manifest: manifest)
                #expect(held.conclusion.verdict != .verified, "\(dropped.sorted()) of \(count), against the manifest")
                let alone = DamageLab.verify(path)
                #expect(
                    alone.conclusion.verdict != .verified || alone.conclusion.content == .unproved,
                    "\(dropped.sorted()) of \(count)")
                // The trailer is in the last one; without the first it is not known to be a dump.
                if dropped.contains(count - 1), !dropped.contains(0) {
                    #expect(alone.conclusion.verdict == .failed, "the last of \(count): \(alone.conclusion.message)")
                }
                if dropped.contains(0) { #expect(alone.conclusion.verdict != .verified, "the first of \(count)") }
            }
        }
    }
}
