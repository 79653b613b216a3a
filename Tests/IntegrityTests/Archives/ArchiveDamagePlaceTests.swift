import Backups
import Testing

@testable import Integrity

/// Where in an archive the fault lies, as far as the archive tells.
@Suite struct ArchiveDamagePlaceTests {
    private func damage(_ bytes: [UInt8], _ format: BackupFormat = .custom) throws -> ContentDamage? {
        do {
            _ = try ArchivePass(source: BytesInMemory(bytes), format: format).run()
            return nil
        } catch let damage as ContentDamage {
            return damage
        } catch is Obstacle {
            // A version that does not exist yet is no damage.
            return nil
        }
    }

    /// pg_dump's own order: a cut is found where the bytes end, or is known of before from the offsets.
    @Test(arguments: [Compression.none, .gzip, .zstd, .lz4], [true, false])
    func aCutIsAtTheEndOfTheFile(compression: Compression, hasOffsets: Bool) throws {
        let whole = try ForgedArchive(compression: compression, hasOffsets: hasOffsets).custom()
        #expect(try damage(whole) == nil)
        for length in 1..<whole.count {
            let found = try #require(try damage(Array(whole.prefix(length))), "cut at \(length)")
            #expect(found.reason == .truncated, "cut at \(length): \(found)")
            #expect(found.location == Backups.SourceLocation(offset: UInt64(length)), "cut at \(length): \(found)")
        }
    }

    @Test func bytesAfterTheEndAreWhereTheyBegin() throws {
        let whole = try ForgedArchive(compression: .none).custom()
        for junk in ["junk", "\u{3}\u{0}\u{0}\u{0}\u{0}\u{0}"] {
            let found = try #require(try damage(whole + Array(junk.utf8)))
            // The first of them was read.
            let places = (UInt64(whole.count)...UInt64(whole.count + 6))
            #expect(found.location.map { places.contains($0.offset) } == true, "\(found)")
        }
    }

    /// Nothing checks the letters of a name; what breaks the structure is found where it stands, and not before.
    @Test func aFlippedBitIsNotBlamedOnTheBytesBefore() throws {
        let whole = try ForgedArchive(compression: .none).custom()
        var found = 0
        for place in whole.indices {
            var flipped = whole
            flipped[place] ^= 0x40
            guard let location = try damage(flipped)?.location else { continue }
            found += 1
            #expect(location.offset >= place, "byte \(place): \(location)")
        }
        #expect(found > 100)
    }

    @Test func aCutTarIsAtItsEnd() throws {
        let whole = try ForgedArchive().tar()
        #expect(try damage(whole, .tar) == nil)
        // Two blocks of zeros end a tar: the last of them are missed by nobody.
        for length in stride(from: 1, to: whole.count - 1024, by: 13) {
            let found = try #require(try damage(Array(whole.prefix(length)), .tar), "cut at \(length)")
            #expect(found.location == Backups.SourceLocation(offset: UInt64(length)), "cut at \(length): \(found)")
        }
    }
}
