import Backups
import CArchive
import Testing

@testable import Integrity

@Suite struct ArchiveDecoderTests {
    static let formats: [Compression] = [.zstd, .xz, .bzip2, .lz4]

    /// One member of `content`, made by libarchive's writer.
    static func member(_ content: [UInt8], _ compression: Compression, options: String = "") throws -> [UInt8] {
        let archive = try #require(archive_write_new())
        defer { archive_write_free(archive) }
        switch compression {
        case .zstd: #expect(archive_write_add_filter_zstd(archive) == ARCHIVE_OK)
        case .xz: #expect(archive_write_add_filter_xz(archive) == ARCHIVE_OK)
        case .bzip2: #expect(archive_write_add_filter_bzip2(archive) == ARCHIVE_OK)
        case .lz4: #expect(archive_write_add_filter_lz4(archive) == ARCHIVE_OK)
        case .none, .gzip: Issue.record("not through libarchive")
        }
        archive_write_set_format_raw(archive)
        archive_write_set_bytes_in_last_block(archive, 1)
        if !options.isEmpty { #expect(archive_write_set_options(archive, options) == ARCHIVE_OK) }
        var output = [UInt8](repeating: 0, count: content.count + (1 << 16))
        var used = 0
        return try output.withUnsafeMutableBytes { output in
            try #require(archive_write_open_memory(archive, output.baseAddress, output.count, &used) == ARCHIVE_OK)
            let entry = archive_entry_new()
            defer { archive_entry_free(entry) }
            archive_entry_set_filetype(entry, 0o100000)
            archive_entry_set_pathname(entry, "content")
            try #require(archive_write_header(archive, entry) == ARCHIVE_OK)
            if !content.isEmpty {
                try #require(
                    content.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) } == content.count)
            }
            try #require(archive_write_close(archive) == ARCHIVE_OK)
            return Array(output.prefix(used))
        }
    }

    @Test(arguments: formats, [1, 7, 1000, 1 << 20])
    func inflatesAnyNumberOfMembers(format: Compression, piece: Int) throws {
        var random = Seeded(21)
        let contents = [random.text(30_000), random.text(10), random.text(2_000)]
        let file = try contents.flatMap { try Self.member($0, format) }
        let (content, facts) = try Decoded.contentAndFacts(file, format, piece: piece)
        #expect(content == contents.flatMap { $0 })
        #expect(facts.count == 3)
    }

    @Test(arguments: formats) func everyCutFails(format: Compression) throws {
        var random = Seeded(22)
        let first = try Self.member(random.text(1500), format)
        let file = try first + Self.member(random.text(700), format)
        #expect(try Decoded.damage(file, format) == nil)
        for length in 1..<file.count {
            let damage = try Decoded.damage(Array(file.prefix(length)), format)
            if length == first.count {
                #expect(damage == nil)
            } else {
                #expect(damage != nil, "cut at \(length) passes")
                #expect(damage?.reason == .truncated, "cut at \(length) of \(file.count): \(damage as Any)")
            }
        }
    }

    @Test(arguments: formats) func junkAfterTheLastMemberFails(format: Compression) throws {
        var random = Seeded(23)
        let file = try Self.member(random.text(1500), format)
        for junk in ["x", "junk", "\u{0}", "-- some line of text\n", String(repeating: "junk", count: 5000)] {
            let damage = try Decoded.damage(file + Array(junk.utf8), format)
            // liblzma refuses them, but does not say that they come after a stream that is whole.
            let reasons: [Reason] = format == .xz ? [.corrupt, .truncated] : [.trailingBytes]
            #expect(damage.map { reasons.contains($0.reason) } == true, "\(Seen.quoted(junk)): \(damage as Any)")
        }
    }

    @Test(arguments: [
        (Fixture.xzCRC64, true), (.xzNone, false), (.zstdWithChecksum, true), (.zstdWithout, false),
        (.lz4WithChecksum, true), (.lz4Without, false), (.bzip2, true),
    ])
    func knowsWhetherThereIsAChecksum(fixture: Fixture, hasChecksum: Bool) throws {
        let (format, file) = (fixture.compression, fixture.bytes)
        let (content, facts) = try Decoded.contentAndFacts(file, format)
        #expect(content == Fixture.content)
        #expect(facts == MemberFacts(count: 1, allHaveChecksum: hasChecksum))
        let (twice, both) = try Decoded.contentAndFacts(file + file, format, piece: 3)
        #expect(twice == content + content)
        #expect(both == MemberFacts(count: 2, allHaveChecksum: hasChecksum))
    }

    /// With a checksum of the content, whatever passes has the right content.
    @Test(arguments: [Fixture.xzCRC64, .zstdWithChecksum, .lz4WithChecksum, .bzip2])
    func noFlippedBitChangesContentUnseen(fixture: Fixture) throws {
        let (format, file) = (fixture.compression, fixture.bytes)
        for bit in 0..<file.count * 8 {
            var flipped = file
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            do {
                let (content, facts) = try Decoded.contentAndFacts(flipped, format)
                // A flag that says there is no checksum can be flipped, too: then none is claimed.
                #expect(
                    content == Fixture.content || !facts.allHaveChecksum,
                    "bit \(bit % 8) of byte \(bit / 8): \(content.count) bytes")
            } catch is ContentDamage {
                continue
            }
        }
    }

    /// What the tools make of nothing.
    @Test(arguments: [
        (
            Compression.zstd,
            [0x28, 0xB5, 0x2F, 0xFD, 0x24, 0x00, 0x01, 0x00, 0x00, 0x99, 0xE9, 0xD8, 0x51] as [UInt8]
        ),
        (
            Compression.xz,
            [
                0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x04, 0xE6, 0xD6, 0xB4, 0x46, 0x00, 0x00, 0x00, 0x00, 0x1C,
                0xDF, 0x44, 0x21, 0x1F, 0xB6, 0xF3, 0x7D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5A,
            ] as [UInt8]
        ),
        (
            Compression.bzip2,
            [0x42, 0x5A, 0x68, 0x39, 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, 0x00, 0x00, 0x00, 0x00] as [UInt8]
        ),
        (
            Compression.lz4,
            [0x04, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7, 0x00, 0x00, 0x00, 0x00, 0x05, 0x5D, 0xCC, 0x02] as [UInt8]
        ),
    ])
    func emptyContentIsEmpty(format: Compression, file: [UInt8]) throws {
        let (content, facts) = try Decoded.contentAndFacts(file, format)
        #expect(content.isEmpty)
        #expect(facts.count == 1)
        #expect(FormatSniffer.sniff(prefix: file) == .empty(format))
        for length in 1..<file.count {
            #expect(try Decoded.damage(Array(file.prefix(length)), format)?.reason == .truncated, "cut at \(length)")
        }
    }
}
