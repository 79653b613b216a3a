import Backups
import Testing

@testable import Integrity

/// A seeded mutator against the readers, for as long as ``Fuzzer`` says: whatever the bytes, they end with an answer.
@Suite struct ArchiveFuzzTests {
    private static let seeds: UInt64 = 400

    @Test(arguments: [Compression.none, .gzip, .lz4, .zstd])
    func customArchives(compression: Compression) throws {
        let whole = try ForgedArchive(compression: compression).custom()
        try fuzz(whole, .custom(compression)) { bytes in
            let result = try ArchivePass(source: BytesInMemory(bytes), format: .custom).run()
            // What zlib streams hold is proved, whatever else was hit.
            guard compression == .gzip else { return }
            #expect(result.contents.totalRows == 101 && result.contents.largeObjects == 2)
        }
    }

    @Test func archivesInsideGzip() throws {
        let inner = try ForgedArchive(compression: .none).custom()
        let whole = try TestCompression.compress(inner, .gzip)
        try fuzz(whole, .archiveInGzip) { bytes in
            let result = try ArchivePass(source: BytesInMemory(bytes), format: .custom, compression: .gzip).run()
            #expect(result.contents.totalRows == 101)
        }
    }

    @Test func tars() throws {
        try fuzz(ForgedArchive().tar(), .tar) { bytes in
            _ = try ArchivePass(source: BytesInMemory(bytes), format: .tar).run()
        }
    }

    @Test(arguments: [Compression.none, .gzip])
    func directories(compression: Compression) throws {
        let folder = try ScratchFolder()
        for (name, content) in ForgedArchive(compression: compression).members() {
            let isList = name.hasSuffix(".toc") || name == "toc.dat"
            let suffix = isList || compression == .none ? "" : ".gz"
            try folder.write(try TestCompression.compress(content, isList ? .none : compression), to: name + suffix)
        }
        let names = try folder.names()
        for name in names {
            let whole = try folder.read(name)
            try fuzz(whole, .directory(compression), parts: names.count) { bytes in
                try folder.write(bytes, to: name)
                _ = try ArchiveReader.verify(folder.path, format: .directory)
            }
            try folder.write(whole, to: name)
        }
        _ = try ArchiveReader.verify(folder.path, format: .directory)
    }

    /// - Parameter parts: this is one of so many that share the fuzzer's time.
    private func fuzz(
        _ whole: [UInt8], _ fuzzer: Fuzzer, parts: Int = 1, _ body: ([UInt8]) throws -> Void
    ) throws {
        try body(whole)
        let clock = fuzzer.start(parts: parts)
        let seeds = Self.seeds / (parts > 1 ? 8 : 1)
        var seed: UInt64 = 0
        while seed < seeds || clock.goesOn {
            seed += 1
            var mutator = ArchiveMutator(seed: seed)
            do {
                try body(mutator.mutate(whole))
            } catch is ContentDamage {
                continue
            } catch is Obstacle {
                continue
            }
        }
    }
}
