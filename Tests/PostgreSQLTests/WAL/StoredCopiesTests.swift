import Backups
import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

/// Segments that are stored more than once, stored anew, or of another size than they were.
@Suite struct StoredCopiesTests {
    private let archive: PageArchive

    init() throws {
        archive = try PageArchive()
        try archive.store(4...12)
        try archive.addBase("monday", in: 5, at: PageArchive.stored)
    }

    private func expectWhole(_ report: WALArchiveReport) {
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.bases.map(\.state) == [.complete])
        #expect(report.bases.map(\.missingCount) == [0])
    }

    // MARK: Copies

    @Test(arguments: ["a/", "z/"]) func aGoodCopyBesideABadOneIsAsGood(place: String) throws {
        try archive.store([5, 8], in: place)
        expectWhole(try archive.check())
        truncate(try archive.path(5, in: place), 8192)
        truncate(try archive.path(8, in: place), 0)
        expectWhole(try archive.check())
        // Remembered as well.
        var memory = ArchiveMemory()
        for _ in 0..<2 { expectWhole(try archive.check(knowing: &memory)) }
        truncate(try archive.path(8), 100)
        let report = try archive.check(knowing: &memory)
        #expect(report.decisive?.reason == .walGap, "\(report.checks)")
        #expect(report.bases.first?.missing.map(\.first) == [try archive.name(8)])
    }

    /// Two servers that write into one place are told, though the segments of the one are whole.
    @Test func aForeignCopyBesideAGoodOneIsForeign() throws {
        try archive.store([8], in: "b/", identifier: 8_000_000_000)
        let report = try archive.check()
        #expect(report.decisive?.reason == .walForeign, "\(report.checks)")
        #expect(report.bases.map(\.missingCount) == [0])
    }

    @Test func aGoodHistoryBesideABadOneIsAsGood() throws {
        try archive.store(12...14, timeline: 2)
        try archive.storeHistory(of: 2, leaving: 1, in: 12)
        expectWhole(try archive.check())
        for place in ["a", "b", "y", "z"] {
            mkdir("\(archive.wal)/\(place)", 0o755)
            try TestFile.write(Array("nonsense\n".utf8), to: "\(archive.wal)/\(place)/00000002.history")
        }
        expectWhole(try archive.check())
        unlink("\(archive.wal)/00000002.history")
        #expect(try archive.check().verdict == .inconclusive)
    }

    // MARK: Memory

    @Test func aSegmentThatIsReplacedIsLookedAtAgain() throws {
        var memory = ArchiveMemory()
        expectWhole(try archive.check(knowing: &memory))
        truncate(try archive.path(8), 8192)
        // As `cp -p` and `rsync -t` leave it.
        try PageArchive.setTime(of: try archive.path(8), PageArchive.stored)
        #expect(try archive.check(knowing: &memory).decisive?.reason == .walGap)
    }

    @Test func whatIsGoodInOnePlaceIsNotInAnother() throws {
        var memory = ArchiveMemory()
        expectWhole(try archive.check(knowing: &memory))
        try Tool.run("mkdir", ["\(archive.wal)/moved"])
        try archive.store([8], in: "moved/", identifier: 8_000_000_000)
        unlink(try archive.path(8))
        let report = try archive.check(knowing: &memory)
        #expect(report.verdict == .failed)
        #expect(report.bases.map(\.missingCount) == [1])
    }

    // MARK: Still being written

    @Test func aFileThatWasPreallocatedIsNotThereYet() throws {
        let file = try archive.path(13)
        try TestFile.write([], to: file)
        truncate(file, 1 << 20)
        let now = Timestamp.now()
        let report = try archive.check(grace: .seconds(600), now: now)
        expectWhole(report)
        #expect(report.bases.first?.newest == (try archive.name(12)))
        try PageArchive.setTime(of: file, Timestamp(seconds: now.seconds - 700))
        let stuck = try archive.check(grace: .seconds(600), now: now)
        #expect(stuck.decisive?.reason == .corrupt, "\(stuck.checks)")
    }

    // MARK: Another size

    /// `pg_resetwal --wal-segsize`: the names begin with smaller numbers again, and the old ones lie among them.
    @Test func theSizeOfSegmentsMayChange() throws {
        let archive = try PageArchive(mebibytes: 64)
        try archive.store(0x18...0x20)
        try archive.addBase("sunday", in: 0x19, at: PageArchive.stored)
        let now = Timestamp(seconds: PageArchive.stored.seconds + 3600)
        expectWhole(try archive.check(now: now))
        try archive.store(0x3A...0x5F, mebibytes: 16, at: Timestamp(seconds: PageArchive.stored.seconds - 86_400))
        let report = try archive.check(now: now)
        expectWhole(report)
        #expect(report.segmentSizeBytes == 64 << 20)
        #expect(report.bases.first?.newest == (try archive.name(0x20)))
        unlink(try archive.path(0x1C))
        let gap = try archive.check(now: now)
        #expect(gap.decisive?.reason == .walGap)
        #expect(gap.bases.first?.missing.map(\.first) == [try archive.name(0x1C)])
    }
}
