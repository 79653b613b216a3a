import Backups
import Testing

@testable import PostgreSQL

/// What archiving tools call the files that they take.
@Suite struct ArchivedNamesTests {
    private typealias Packing = ArchivedFileName.Packing

    private static let segment = WALFileName.segment(timeline: 1, high: 0, low: 10)

    @Test(
        arguments: [
            ("00000001000000000000000A", segment, ArchivedFileName.Packing.readable(.none)),
            ("00000001000000000000000A.gz", segment, .readable(.gzip)),
            ("wal_005/00000001000000000000000A.lz4", segment, .readable(.lz4)),
            ("wals/0000000100000000/00000001000000000000000A", segment, .readable(.none)),
            (
                "15-1/0000000100000000/00000001000000000000000A-87971e85b443d0e1b53fc3c5975b734a825705df.gz", segment,
                .readable(.gzip)
            ),
            (
                "15-1/0000000100000000/00000001000000000000000A-87971e85b443d0e1b53fc3c5975b734a825705df", segment,
                .readable(.none)
            ),
            ("00000001000000000000000A.zst", segment, .readable(.zstd)),
            ("00000001000000000000000A.bz2", segment, .readable(.bzip2)),
            ("00000001000000000000000A.xz", segment, .readable(.xz)),
            ("00000001000000000000000A.br", segment, .opaque("br")),
            ("00000001000000000000000A.gz.gpg", segment, .opaque("gz.gpg")),
            ("00000001000000000000000A.partial.gz", .partial(timeline: 1, high: 0, low: 10), .readable(.gzip)),
            (
                "00000001000000000000000A.partial-87971e85b443d0e1b53fc3c5975b734a825705df.gz",
                .partial(timeline: 1, high: 0, low: 10), .readable(.gzip)
            ),
            ("00000001000000000000000A.00000028.backup.lz4", .backup(timeline: 1, high: 0, low: 10), .readable(.lz4)),
            ("00000002.history.gz", .history(timeline: 2), .readable(.gzip)),
        ] as [(String, WALFileName, ArchivedFileName.Packing)])
    func areRead(path: String, file: WALFileName, packing: ArchivedFileName.Packing) {
        #expect(ArchivedFileName(path)?.file == file)
        #expect(ArchivedFileName(path)?.packing == packing)
    }

    /// A file that is still being uploaded is not the segment.
    @Test(arguments: [
        "", "archive.info", "00000001000000000000000A.tmp", "00000001000000000000000A.gz.part",
        "00000001000000000000000A~",
        "00000001000000000000000A/x", "x00000001000000000000000A", "00000001000000000000000A.",
        "00000001000000000000000a",
        "00000001000000000000000A-87971e85.gz", "00000001000000000000000A.ready", "00000001000000000000000A.gz.tmp",
        "backup_label", "base.tar.gz",
    ])
    func othersAreStrangers(path: String) {
        #expect(ArchivedFileName(path) == nil)
    }

    @Test func theListingKeepsPathsInAFewBytes() throws {
        var listing = WALArchiveListing()
        let paths = [
            "b/00000001000000000000000B.gz", "a/00000001000000000000000A", "b/00000001000000000000000C.gz",
            "00000002.history", "x/000000010000000000000009.partial", "notes.txt", "c/00000001000000000000000E.tmp",
            "15-1/0000000100000000/00000001000000000000000D-0071985e05b443d0e1b53fc3c5975b734a8257df.gz",
        ]
        for path in paths { listing.add(WALArchiveEntry(path: path, size: 1, modified: Timestamp(seconds: 7))) }
        listing.sort()
        let segments = try #require(listing.segments[1])
        #expect(
            segments.map { listing.path($0, timeline: 1) } == [
                "a/00000001000000000000000A", "b/00000001000000000000000B.gz", "b/00000001000000000000000C.gz",
                "15-1/0000000100000000/00000001000000000000000D-0071985e05b443d0e1b53fc3c5975b734a8257df.gz",
            ])
        #expect(segments.allSatisfy { $0.modified == 7 && $0.size == 1 })
        #expect(listing.partials[1]?.count == 1)
        #expect(listing.historyCount == 1)
        #expect(listing.unknown == 2)
        #expect(listing.unknownExample == "notes.txt")
    }

    @Test(arguments: [
        (UInt64(16), "0000000100000000000000FF", "000000010000000100000000"),
        (1, "000000010000000000000FFF", "000000010000000100000000"),
        (1024, "000000010000000A00000003", "000000010000000B00000000"),
        (64, "000000020000000000000001", "000000020000000000000002"),
    ])
    func oneSegmentFollowsAnother(mebibytes: UInt64, name: String, next: String) throws {
        let size = try #require(WALSegmentSize(bytes: mebibytes << 20))
        #expect(WALSegmentName(name)?.next(size)?.description == next)
        #expect(WALSegmentName(next)?.previous(size)?.description == name)
    }

    @Test func beforeTheFirstSegmentIsNone() throws {
        let first = try #require(WALSegmentName("000000010000000000000000"))
        #expect(first.previous(.usual) == nil)
        // 16 MiB: 256 of them share an upper half.
        #expect(WALSegmentName("000000010000000000000100")?.number(.usual) == nil)
    }

    @Test func positionsAreWrittenAsTheServerWritesThem() {
        #expect(WALPosition("16/B374D848")?.description == "16/B374D848")
        #expect(WALPosition(bytes: 0x100_0028).description == "0/1000028")
    }
}
