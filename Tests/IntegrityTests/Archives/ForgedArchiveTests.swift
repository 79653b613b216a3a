import Backups
import Testing

@testable import Integrity

/// Archives of every version and compression: whole ones pass, and no damage that the format can show does.
@Suite struct ForgedArchiveTests {
    static let versions = [(12, "9.6.24"), (13, "11.22"), (14, "15.18"), (15, "16.10"), (16, "18.0")].map {
        (ArchiveVersion(1, $0.0), $0.1)
    }
    static let compressions: [Compression] = [.none, .gzip, .lz4, .zstd]

    @Test(arguments: versions, compressions)
    func customIsRead(version: (ArchiveVersion, String), compression: Compression) throws {
        // Before 1.15 there was nothing but gzip.
        guard version.0 >= .withCompressionAlgorithm || [.none, .gzip].contains(compression) else { return }
        for hasOffsets in [true, false] {
            var forged = ForgedArchive(version: version.0, compression: compression, hasOffsets: hasOffsets)
            forged.toolVersion = version.1
            try check(try verifyCustom(try forged.custom()), version)
        }
    }

    @Test(arguments: versions)
    func tarIsRead(version: (ArchiveVersion, String)) throws {
        let forged = ForgedArchive(version: version.0, compression: .none, toolVersion: version.1)
        try check(try verifyTar(forged.tar()), version)
    }

    private func check(_ result: ArchiveResult, _ version: (ArchiveVersion, String)) throws {
        #expect(result.toc.header.version == version.0)
        #expect(result.toc.header.createdAt == "2026-11-20 05:06:07")
        let contents = result.contents
        #expect(
            contents.rows == [
                TableName(schema: "public", name: "users"): 100, TableName(schema: "public", name: "none"): 0,
                TableName(schema: "public", name: "inserted"): 1,
            ])
        #expect(contents.largeObjects == 2)
        #expect(contents.roles == ["postgres", "al"])
        #expect(contents.hasSchema && contents.hasData)
        #expect(contents.header.clientEncoding == "UTF8")
        #expect(contents.header.serverMajor == 15)
        #expect(contents.header.toolVersion == version.1)
    }

    @Test(arguments: compressions)
    func customIsReadInPiecesOfOneByte(compression: Compression) throws {
        let bytes = try ForgedArchive(compression: compression).custom()
        let result = try ArchivePass(source: BytesInMemory(bytes, inPiecesOf: 1), format: .custom).run()
        #expect(result.contents.rows[TableName(schema: "public", name: "users")] == 100)
        #expect(result.storedBytes == UInt64(bytes.count))
    }

    @Test(arguments: compressions, [true, false])
    func aCutCustomArchiveFails(compression: Compression, hasOffsets: Bool) throws {
        let bytes = try ForgedArchive(compression: compression, hasOffsets: hasOffsets).custom()
        _ = try verifyCustom(bytes)
        for length in stride(from: 0, to: bytes.count, by: 3) {
            let error = #expect(throws: ContentDamage.self, "cut to \(length)") {
                try verifyCustom(Array(bytes[..<length]))
            }
            #expect(error?.reason == .truncated, "cut to \(length): \(error?.message ?? "")")
        }
    }

    @Test func aCutTarFails() throws {
        let bytes = ForgedArchive().tar()
        _ = try verifyTar(bytes)
        for length in Set(stride(from: 0, to: bytes.count, by: 13)).union(bytes.count - 1100..<bytes.count) {
            #expect(throws: ContentDamage.self, "cut to \(length)") { try verifyTar(Array(bytes[..<length])) }
        }
    }

    @Test(arguments: [[0], [0x41], Array("PGDMP".utf8), [1, 0, 1, 0, 0, 0]])
    func junkAtTheEndFails(junk: [UInt8]) throws {
        let custom = try ForgedArchive().custom()
        let error = #expect(throws: ContentDamage.self) { try verifyCustom(custom + junk) }
        #expect([.trailingBytes, .corrupt].contains(error?.reason))
        let tar = ForgedArchive().tar()
        guard junk != [0] else { return }
        #expect(throws: ContentDamage.self) { try verifyTar(tar + junk) }
    }

    /// Single bits may be neutral: those that fill up the last byte before an Adler-32. zlib is the judge.
    @Test func aFlippedBitInTheDataOfACompressedArchiveFails() throws {
        let whole = try ForgedArchive().custom()
        let start = try #require(dataOffset(of: try verifyCustom(whole).toc))
        let content = try #require(StoredBlocks.content(of: whole, from: start))
        var neutral = 0
        for index in start..<whole.count {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                do {
                    _ = try verifyCustom(bytes)
                    #expect(StoredBlocks.content(of: bytes, from: start) == content, "bit \(bit) of byte \(index)")
                    neutral += 1
                } catch is ContentDamage {
                    continue
                }
            }
        }
        #expect(neutral < 7 * 5)
    }

    private func dataOffset(of toc: ArchiveTOC) -> Int? {
        guard case .block(let start?) = toc.entries.first(where: \.hasData)?.data else { return nil }
        return Int(start)
    }

    @Test func versionsThatAreNotKnownAreNoFault() throws {
        for version in [ArchiveVersion(1, 17), ArchiveVersion(2, 0), ArchiveVersion(1, 10)] {
            let bytes = try ForgedArchive(version: version).custom()
            let obstacle = #expect(throws: Obstacle.self) { try verifyCustom(bytes) }
            #expect(obstacle?.reason == .unsupportedFormat)
            #expect(obstacle?.hint != nil)
        }
    }

    private func verifyCustom(_ bytes: [UInt8]) throws -> ArchiveResult {
        try ArchivePass(source: BytesInMemory(bytes), format: .custom).run()
    }

    private func verifyTar(_ bytes: [UInt8]) throws -> ArchiveResult {
        try ArchivePass(source: BytesInMemory(bytes), format: .tar).run()
    }
}
