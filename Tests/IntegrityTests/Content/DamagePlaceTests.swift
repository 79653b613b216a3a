import Backups
import Testing

@testable import Integrity

/// What is said of damaged bytes names the right byte: the end of what was cut, the member that is hit, where junk begins.
@Suite struct DamagePlaceTests {
    private static let first = ZlibOracle.member(
        Array(repeating: 0x61, count: 700), header: .init(name: "x", checksum: true))

    private static func gzip() -> [UInt8] {
        var random = Seeded(61)
        return first + ZlibOracle.member(random.text(900))
    }

    @Test(arguments: [1, 5, 1 << 20]) func everyCutOfGzipIsSaid(piece: Int) throws {
        let file = Self.gzip()
        for length in 1..<file.count where length != Self.first.count {
            let start = length < Self.first.count ? 0 : Self.first.count
            let message = try #require(try Decoded.damage(Array(file.prefix(length)), piece: piece)?.message)
            #expect(message.hasPrefix("the file ends at byte \(length), within the "))
            #expect(message.hasSuffix(" of the gzip member at byte \(start)"), "cut at \(length): \(message)")
        }
    }

    /// ISA-L reads ahead: the place that is said lies behind the flipped byte, in the same member.
    @Test(arguments: [3, 1 << 20]) func everyFlippedBitOfGzipIsInTheMemberThatIsSaid(piece: Int) throws {
        let file = Self.gzip()
        for place in file.indices {
            var flipped = file
            flipped[place] ^= 1 << UInt8(place % 8)
            guard let message = try Decoded.damage(flipped, piece: piece)?.message else { continue }
            let start = place < Self.first.count ? 0 : Self.first.count
            if start > 0, place < start + 2 {
                // The magic itself: no member begins there any more.
                #expect(message == "the bytes from \(start) on, after the last gzip member, are not gzip")
                continue
            }
            if place < 2 {
                #expect(message == "byte 0 does not begin a gzip member")
                continue
            }
            #expect(message.contains("gzip member at byte \(start)"), "byte \(place): \(message)")
            if let end = message.firstMatch(of: /before byte (\d+)/).flatMap({ Int($0.1) }) {
                #expect(end > place && end <= file.count, "byte \(place): \(message)")
            }
        }
    }

    @Test func bytesAfterTheLastMemberOfGzipBeginWhereItIsSaid() throws {
        let file = Self.gzip()
        for junk in ["x", "\nhello", String(repeating: "junk", count: 3000)] {
            for piece in [1, 7, 1 << 20] {
                let damage = try Decoded.damage(file + Array(junk.utf8), piece: piece)
                #expect(damage?.message == "the bytes from \(file.count) on, after the last gzip member, are not gzip")
            }
        }
    }

    @Test(arguments: [Compression.zstd, .lz4], [1, 1 << 20]) func everyCutOfFramesIsSaid(
        format: Compression, piece: Int
    ) throws {
        var random = Seeded(62)
        let first = try ArchiveDecoderTests.member(random.text(800), format)
        let file = try first + ArchiveDecoderTests.member(random.text(700), format)
        for length in stride(from: 1, to: file.count, by: 7) where length != first.count {
            let start = length < first.count ? 0 : first.count
            let damage = try Decoded.damage(Array(file.prefix(length)), format, piece: piece)
            #expect(
                damage?.message
                    == "the file ends at byte \(length), within the \(format.rawValue) frame at byte \(start)")
        }
    }

    @Test(
        arguments: [Compression.zstd, .lz4, .bzip2],
        ["x", "-- some line of text\n", String(repeating: "junk", count: 5000)])
    func bytesAfterTheLastFrameBeginWhereItIsSaid(format: Compression, junk: String) throws {
        var random = Seeded(63)
        let file = try (0..<2).flatMap { _ in try ArchiveDecoderTests.member(random.text(1500), format) }
        let damage = try Decoded.damage(file + Array(junk.utf8), format)
        let member = format == .bzip2 ? "stream" : "frame"
        #expect(
            damage?.message
                == "the bytes from \(file.count) on, after the last \(format.rawValue) \(member), are not \(format.rawValue)"
        )
    }

    /// libarchive does not say where in an xz or bzip2 file it gave up; where the file ends is known.
    @Test(arguments: [Compression.xz, .bzip2]) func cutsOfStreamsAreToldFromOtherDamage(format: Compression) throws {
        var random = Seeded(64)
        let file = try ArchiveDecoderTests.member(random.text(1500), format)
        for length in stride(from: 12, to: file.count, by: 11) {
            #expect(try Decoded.damage(Array(file.prefix(length)), format)?.reason == .truncated, "cut at \(length)")
        }
    }
}
