import Backups
import Testing

@testable import PostgreSQL

/// What is made of a server's words. Segments are of 16 MiB and the time is 1000 s where nothing else is said.
@Suite struct ArchivingFactsTests {
    private static let mebibyte: UInt64 = 1 << 20
    private static let now = Timestamp(seconds: 1000)

    private static func size(_ mebibytes: UInt64 = 16) throws -> WALSegmentSize {
        try #require(WALSegmentSize(bytes: mebibytes * mebibyte))
    }

    private static func status(_ files: [(String, Int64)], segments mebibytes: UInt64 = 16) throws -> ArchiveStatus {
        var status = ArchiveStatus(try size(mebibytes))
        for (name, seconds) in files { status.see(name, modified: Timestamp(seconds: seconds)) }
        return status
    }

    private static func reading(
        at position: String? = "0/5000100", files: [(String, Int64)]? = [],
        archiver: ProductionReading.Archiver = .init(), segments mebibytes: UInt64 = 16
    ) throws -> ProductionReading {
        ProductionReading(
            takenAt: now, segmentSize: try size(mebibytes), position: position.flatMap { WALPosition($0) }, timeline: 1,
            archiver: archiver, status: try files.map { try status($0, segments: mebibytes) })
    }

    /// What is known of the archiver itself does not depend on the rest.
    private static let archiver = ProductionReading.Archiver(
        archived: 4, lastArchived: WALFileName("000000010000000000000004"), lastSuccess: Timestamp(seconds: 900),
        failures: 2, lastFailure: Timestamp(seconds: 800))

    @Test func anIdleServerDoesNotLag() throws {
        let facts = try #require(
            ArchivingFacts(
                try Self.reading(files: [("000000010000000000000004.done", 895)], archiver: Self.archiver)))
        #expect(facts.lagSeconds == 0)
        #expect(facts.readySegments == 0)
        #expect(facts.unarchivedBytes == 0x100)
        // The unfinished segment was begun when the one before it was finished, which is not when it was archived.
        #expect(facts.unarchivedAgeSeconds == 105)
        #expect(facts.archivedSegments == 4)
        #expect(facts.failures == 2)
        #expect(facts.lastSuccess == Timestamp(seconds: 900))
        #expect(facts.lastFailure == Timestamp(seconds: 800))
    }

    @Test func nothingIsUnarchivedAtTheEndOfAnArchivedSegment() throws {
        let facts = ArchivingFacts(
            try Self.reading(at: "0/5000000", files: [("000000010000000000000004.done", 10)]))
        #expect(facts?.unarchivedBytes == 0)
        #expect(facts?.unarchivedAgeSeconds == 0)
        #expect(facts?.lagSeconds == 0)
    }

    @Test func whereTheStatusFileIsGoneTheLastSuccessTellsTheAgeAtLeast() throws {
        let facts = ArchivingFacts(try Self.reading(archiver: Self.archiver))
        #expect(facts?.unarchivedAgeSeconds == 100)
        #expect(facts?.unarchivedBytes == 0x100)
    }

    @Test func aServerThatNeverArchivedLagsFromItsFirstSegment() throws {
        let files: [(String, Int64)] = [
            ("000000010000000000000001.ready", 400), ("000000010000000000000002.ready", 600),
            ("000000010000000000000003.ready", 650), ("000000010000000000000004.ready", 990),
        ]
        let facts = ArchivingFacts(try Self.reading(files: files))
        #expect(facts?.lagSeconds == 600)
        #expect(facts?.readySegments == 4)
        #expect(facts?.unarchivedBytes == 4 * 16 * Self.mebibyte + 0x100)
        #expect(facts?.unarchivedAgeSeconds == 600)
        #expect(facts?.archivedSegments == 0)
        #expect(facts?.lastSuccess == nil)
    }

    @Test func oneThatStoppedHalfWayIsCountedFromThere() throws {
        let files: [(String, Int64)] = [
            ("000000010000000000000002.done", 300), ("000000010000000000000003.ready", 500),
            ("000000010000000000000004.ready", 700),
        ]
        let facts = ArchivingFacts(try Self.reading(files: files, archiver: Self.archiver))
        #expect(facts?.lagSeconds == 500)
        #expect(facts?.unarchivedBytes == 2 * 16 * Self.mebibyte + 0x100)
        // Its first byte was written when the segment before it was full.
        #expect(facts?.unarchivedAgeSeconds == 700)
    }

    @Test func whatComesAfterAGapIsUnarchivedToo() throws {
        let files: [(String, Int64)] = [
            ("000000010000000000000002.ready", 500), ("000000010000000000000003.done", 600),
            ("000000010000000000000004.done", 700),
        ]
        #expect(
            ArchivingFacts(try Self.reading(files: files))?.unarchivedBytes == 3 * 16 * Self.mebibyte + 0x100)
    }

    /// The archiver takes a timeline's history first, so one that waits holds up everything; but it is no WAL.
    @Test(arguments: [
        "00000002.history.ready", "000000010000000000000004.00000028.backup.ready",
        "000000010000000000000004.partial.ready",
    ])
    func filesBesideTheSegmentsWaitAsWell(name: String) throws {
        let facts = ArchivingFacts(
            try Self.reading(files: [(name, 940), ("000000010000000000000004.done", 895)], archiver: Self.archiver))
        #expect(facts?.lagSeconds == 60)
        #expect(facts?.readySegments == 1)
        #expect(facts?.unarchivedBytes == 0x100)
        #expect(facts?.unarchivedAgeSeconds == 105)
    }

    @Test func strangersAreNobodysConcern() throws {
        let files: [(String, Int64)] = [
            ("notes.ready", 1), ("000000010000000000000004", 1), ("000000010000000000000004.ready~", 1),
            ("000000010000000000000004.gz.ready", 1),
        ]
        let facts = ArchivingFacts(try Self.reading(files: files))
        #expect(facts?.lagSeconds == 0)
        #expect(facts?.readySegments == 0)
    }

    @Test func segmentsOfAGibibyteAreLarge() throws {
        // Four segments of 1 GiB share an upper half: 1/3 is the eighth.
        let files: [(String, Int64)] = [("000000010000000100000002.ready", 900)]
        let facts = ArchivingFacts(try Self.reading(at: "1/D0000000", files: files, segments: 1024))
        #expect(facts?.unarchivedBytes == 1024 * Self.mebibyte + 0x1000_0000)
        #expect(facts?.lagSeconds == 100)
    }

    @Test func theNextUpperHalfFollowsTheLast() throws {
        let files: [(String, Int64)] = [("0000000100000000000000FF.ready", 900)]
        #expect(
            ArchivingFacts(try Self.reading(at: "1/10", files: files))?.unarchivedBytes == 16 * Self.mebibyte + 0x10)
    }

    @Test func aNewTimelineGoesOnWhereTheOldOneEnded() throws {
        // Promoted within segment 4: the old timeline's is kept as .partial, the new one's holds all of it.
        let files: [(String, Int64)] = [
            ("000000010000000000000003.ready", 600), ("000000010000000000000004.partial.ready", 700),
            ("00000002.history.ready", 700), ("000000020000000000000004.ready", 800),
        ]
        var reading = try Self.reading(files: files)
        reading.timeline = 2
        let facts = ArchivingFacts(reading)
        #expect(facts?.readySegments == 4)
        #expect(facts?.lagSeconds == 400)
        #expect(facts?.unarchivedBytes == 2 * 16 * Self.mebibyte + 0x100)
    }

    @Test func aSegmentThatWasFinishedMeanwhileIsNotBehindThePosition() throws {
        // Listed after the position was read: segments 5 and 6 were finished in between.
        let files: [(String, Int64)] = [
            ("000000010000000000000005.ready", 1001), ("000000010000000000000006.ready", 1002),
        ]
        let facts = ArchivingFacts(try Self.reading(files: files))
        #expect(facts?.unarchivedBytes == 0x100)
        // Nor is anything younger than now.
        #expect(facts?.lagSeconds == 0)
        #expect(facts?.unarchivedAgeSeconds == 0)
    }

    @Test(arguments: [
        ("000000010000000000000004", UInt64?(256)),
        ("000000010000000000000003", 16_777_472),
        // A backup's notes are archived after its first segment; how much after is not known.
        ("000000010000000000000004.00000028.backup", 16_777_472),
        ("000000010000000000000004.partial", 16_777_472),
        // The segment of that number on this timeline is another file.
        ("000000020000000000000004", 16_777_472),
        ("00000002.history", nil),
        // Archived since the position was read.
        ("000000010000000000000005", 0),
    ])
    func withoutTheStatusFilesTheArchiversWordIsTaken(last: String, bytes: UInt64?) throws {
        var archiver = Self.archiver
        archiver.lastArchived = WALFileName(last)
        let facts = try #require(ArchivingFacts(try Self.reading(files: nil, archiver: archiver)))
        #expect(facts.lagSeconds == nil)
        #expect(facts.readySegments == nil)
        #expect(facts.unarchivedBytes == bytes)
        #expect(facts.unarchivedAgeSeconds == bytes.map { $0 == 0 ? 0 : 100 })
        #expect(facts.archivedSegments == 4)
    }

    @Test func withoutTheStatusFilesANeverArchivedServerIsUnknown() throws {
        let facts = try #require(ArchivingFacts(try Self.reading(files: nil)))
        #expect(facts.lagSeconds == nil)
        #expect(facts.unarchivedBytes == nil)
        #expect(facts.unarchivedAgeSeconds == nil)
    }

    @Test func afterACrashTheStatisticsAreBlankAndTheFilesStillTell() throws {
        let facts = ArchivingFacts(try Self.reading(files: [("000000010000000000000004.ready", 940)]))
        #expect(facts?.lagSeconds == 60)
        #expect(facts?.archivedSegments == 0)
        #expect(facts?.lastSuccess == nil)
        // No file tells when the unfinished segment was begun: not known, and not 0.
        let idle = ArchivingFacts(try Self.reading())
        #expect(idle?.unarchivedBytes == 0x100)
        #expect(idle != nil && idle?.unarchivedAgeSeconds == nil)
    }

    @Test(arguments: [
        (ProductionReading.ArchiveMode.off, false, false), (.off, true, false), (.on, false, true),
        // A standby hands WAL on only when it is told to.
        (.on, true, false), (.always, true, true), (.always, false, true),
    ])
    func whoArchivesNothingHasNoFacts(mode: ProductionReading.ArchiveMode, isInRecovery: Bool, hasFacts: Bool) throws {
        var reading = try Self.reading()
        reading.archiveMode = mode
        reading.isInRecovery = isInRecovery
        #expect((ArchivingFacts(reading) != nil) == hasFacts)
    }

    @Test func aStandbyThatReceivedNothingHasNoPosition() throws {
        let facts = ArchivingFacts(
            try Self.reading(at: nil, files: [("000000010000000000000004.ready", 940)]))
        #expect(facts?.lagSeconds == 60)
        #expect(facts?.unarchivedBytes == nil)
    }
}
