import Backups
import Testing

@testable import PostgreSQL

/// What is missing from an archive, by the names of its segments. Segments are of 16 MiB: number 0x10 begins at 0/10000000.
@Suite struct WALArchiveAnalysisTests {
    private static func index(_ segments: [UInt32: [UInt64]], modified: [UInt64: UInt32] = [:]) -> WALArchiveIndex {
        var index = WALArchiveIndex(size: .usual)
        for (timeline, numbers) in segments {
            for number in numbers.sorted() { index.add(number, timeline: timeline, modified: modified[number] ?? 0) }
        }
        return index
    }

    private static func position(_ number: UInt64, _ offset: UInt64 = 0) -> WALPosition {
        WALPosition(bytes: number << 24 + offset)
    }

    private static func base(
        _ start: UInt64, stop: UInt64? = nil, timeline: UInt32 = 1, origin: BaseBackup.Origin = .location
    ) -> BaseBackup {
        BaseBackup(
            path: "base", origin: origin, timeline: timeline, start: position(start, 0x28),
            stop: position(stop ?? start, 0x138))
    }

    /// Timeline 2 left 1 within segment `number`, or at its beginning.
    private static func promoted(_ number: UInt64, _ offset: UInt64 = 0x60) throws -> [UInt32: TimelineHistory] {
        [2: try TimelineHistory(timeline: 2, text: "1\t\(position(number, offset))\tno recovery target specified\n")]
    }

    private static func missing(_ standing: BaseStanding) -> [String] {
        standing.missing.map { WALArchiveReport.Segments($0).text }
    }

    @Test func nothingIsMissing() {
        let standing = WALArchiveAnalysis(Self.index([1: Array(3...20)]), histories: [:]).standing(of: Self.base(5))
        #expect(standing.state == .complete)
        #expect(standing.missing == [])
        #expect(standing.present == 16)
        #expect(standing.newest?.description == "000000010000000000000014")
        #expect(standing.end == WALEnd(timeline: 1, position: Self.position(21)))
    }

    @Test func aHoleIsNamedExactly() {
        let numbers = Array(3...20).filter { ![7, 10, 11, 12].contains($0) }
        let standing = WALArchiveAnalysis(Self.index([1: numbers.map { UInt64($0) }]), histories: [:]).standing(
            of: Self.base(5))
        #expect(standing.state == .complete)
        #expect(
            Self.missing(standing) == [
                "000000010000000000000007", "00000001000000000000000A … 00000001000000000000000C (3 segments)",
            ])
        #expect(standing.missingCount == 4)
        #expect(standing.end == WALEnd(timeline: 1, position: Self.position(7)))
    }

    @Test func theNewestIsNeverMissed() {
        let standing = WALArchiveAnalysis(Self.index([1: [5, 6, 7]]), histories: [:]).standing(of: Self.base(5))
        #expect(standing.isUnbroken)
        #expect(standing.end?.position == Self.position(8))
    }

    @Test func whatIsOlderThanTheBaseBackupDoesNotMatter() {
        let standing = WALArchiveAnalysis(Self.index([1: [1, 3, 5, 6]]), histories: [:]).standing(of: Self.base(5))
        #expect(standing.isUnbroken)
    }

    @Test func aHoleThatWasMadeJustNowIsLate() {
        let index = Self.index([1: [5, 6, 8, 9, 11]], modified: [8: 1000, 9: 1001, 11: 500])
        let standing = WALArchiveAnalysis(index, histories: [:], late: LateSpan(after: 900)).standing(of: Self.base(5))
        // 7 may still come; that 10 is not there was known long ago.
        #expect(standing.late.map(\.first.description) == ["000000010000000000000007"])
        #expect(Self.missing(standing) == ["00000001000000000000000A"])
        #expect(standing.end?.position == Self.position(7))
        #expect(standing.state == .complete)
    }

    /// A clock that is ahead, or a local time that was taken for UTC, would hold a gap back until that moment.
    @Test func aTimeThatHasNotComeHoldsNothingBack() {
        let index = Self.index([1: [5, 6, 8]], modified: [8: 5000])
        let standing = WALArchiveAnalysis(index, histories: [:], late: LateSpan(after: 900, until: 4999)).standing(
            of: Self.base(5))
        #expect(standing.late == [])
        #expect(Self.missing(standing) == ["000000010000000000000007"])
        #expect(standing.undated == standing.missing)
        let dated = WALArchiveAnalysis(index, histories: [:], late: LateSpan(after: 900, until: 5000)).standing(
            of: Self.base(5))
        #expect(dated.late.count == 1 && dated.isUnbroken && dated.undated == [])
    }

    @Test(
        arguments: [
            // The base backup's own segments are all there, or its last is, or is not yet.
            (Array(5...9), 5, 7, BaseBackup.Origin.location, WALArchiveReport.Base.State.complete),
            (Array(5...7), 5, 7, .location, .complete), (Array(5...6), 5, 7, .location, .waiting),
            ([5, 7, 8], 5, 7, .location, .incomplete), ([6, 7, 8], 5, 7, .location, .incomplete),
            // Notes of a base backup that retention took together with its WAL.
            ([6, 7, 8], 5, 7, .archive, .expired), ([], 5, 7, .archive, .expired),
            ([5, 7, 8], 5, 7, .archive, .incomplete), ([1, 2], 5, 7, .location, .waiting),
            ([1, 2], 5, 7, .archive, .waiting),
        ] as [([UInt64], UInt64, UInt64, BaseBackup.Origin, WALArchiveReport.Base.State)])
    func aBaseBackupNeedsItsOwnSegments(
        segments: [UInt64], start: UInt64, stop: UInt64, origin: BaseBackup.Origin, state: WALArchiveReport.Base.State
    ) {
        let analysis = WALArchiveAnalysis(Self.index([1: segments]), histories: [:])
        #expect(analysis.standing(of: Self.base(start, stop: stop, origin: origin)).state == state)
    }

    // MARK: Timelines

    @Test func theCopyOnTheNewTimelineHoldsTheOldOnesLast() throws {
        let analysis = WALArchiveAnalysis(
            Self.index([1: [5, 6, 7], 2: [8, 9]]), histories: try Self.promoted(8))
        let standing = analysis.standing(of: Self.base(5))
        #expect(standing.target == 2)
        #expect(standing.isUnbroken)
        #expect(standing.end == WALEnd(timeline: 2, position: Self.position(10)))
        #expect(standing.misleadingLatest == nil)
    }

    @Test func thePartialIsEnoughUpToTheSwitch() throws {
        var index = Self.index([1: [5, 6, 7]])
        let histories = try Self.promoted(8)
        // Nothing says yet that segment 8 was ever archived.
        #expect(
            WALArchiveAnalysis(index, histories: histories).standing(of: Self.base(5)).end
                == WALEnd(timeline: 1, position: Self.position(8)))
        index.addPartial(8, timeline: 1)
        let standing = WALArchiveAnalysis(index, histories: histories).standing(of: Self.base(5))
        #expect(standing.isUnbroken)
        #expect(standing.end == WALEnd(timeline: 1, position: Self.position(8, 0x60)))
    }

    @Test func whatTheOldServerArchivedAfterwardsIsOfNoUse() throws {
        let analysis = WALArchiveAnalysis(
            Self.index([1: Array(5...20), 2: [9, 10]]), histories: try Self.promoted(8))
        let standing = analysis.standing(of: Self.base(5))
        #expect(Self.missing(standing) == ["000000020000000000000008"])
        #expect(standing.end == WALEnd(timeline: 2, position: Self.position(8)))
        #expect(standing.newest?.description == "00000002000000000000000A")
    }

    /// wal-g/wal-g#1390 and #1014: each of these was called a gap by one tool or another.
    @Test func timelinesThatWereLeftWithinOneSegmentNeedNothingOfTheirOwn() throws {
        let four = try TimelineHistory(
            timeline: 4,
            text: "1\t\(Self.position(8, 0x60))\ta\n2\t\(Self.position(8, 0x90))\tb\n3\t\(Self.position(9, 0))\tc\n")
        let analysis = WALArchiveAnalysis(Self.index([1: [5, 6, 7], 3: [8], 4: [9, 10]]), histories: [4: four])
        let standing = analysis.standing(of: Self.base(5))
        #expect(standing.isUnbroken)
        #expect(standing.present == 6)
        #expect(standing.end == WALEnd(timeline: 4, position: Self.position(11)))
        // PostgreSQL asks for one history after the other: without 2 and 3 it does not find 4.
        #expect(standing.misleadingLatest == 1)
    }

    @Test func aBranchThatLeftBeforeTheBaseBackupIsNotFollowed() throws {
        let analysis = WALArchiveAnalysis(
            Self.index([1: Array(5...20), 2: [8, 9]]), histories: try Self.promoted(8))
        let standing = analysis.standing(of: Self.base(12))
        #expect(standing.target == 1)
        #expect(standing.isUnbroken)
        #expect(standing.end?.position == Self.position(21))
        // recovery_target_timeline = latest is a FATAL error here (pgbackrest/pgbackrest#1616).
        #expect(standing.misleadingLatest == 2)
    }

    @Test func aTimelineWithoutAHistoryCantBeReached() throws {
        let index = Self.index([1: [5, 6, 7], 2: [8, 9]], modified: [8: 1000])
        let standing = WALArchiveAnalysis(index, histories: [:], late: LateSpan(after: 2000)).standing(of: Self.base(5))
        #expect(standing.unlinked == [2])
        #expect(!standing.isUnbroken)
        // The history may be on its way.
        #expect(
            WALArchiveAnalysis(index, histories: [:], late: LateSpan(after: 900)).standing(of: Self.base(5)).isUnbroken)
        // A base backup of that timeline needs none.
        let own = WALArchiveAnalysis(index, histories: [:]).standing(of: Self.base(8, timeline: 2))
        #expect(own.isUnbroken)
        #expect(own.state == .complete)
    }

    // MARK: Against a model

    /// One archive after another, by chance; the failing one is named by its seed.
    @Test(arguments: [UInt64(20_261_121)])
    func agreesWithANaiveModel(seed: UInt64) throws {
        for round in 0..<4000 {
            var model = NaiveArchive(seed: seed &+ UInt64(round))
            let base = model.makeBase()
            let standing = WALArchiveAnalysis(
                model.index, histories: model.histories, late: LateSpan(after: model.lateAfter)
            )
            .standing(of: base)
            let expected = model.standing(base)
            let names = Set(standing.missing.flatMap { model.names($0) })
            let late = Set(standing.late.flatMap { model.names($0) })
            #expect(names == expected.missing, "seed \(seed), round \(round)")
            #expect(late == expected.late, "seed \(seed), round \(round)")
            #expect(standing.present == expected.present, "seed \(seed), round \(round)")
            #expect(standing.end?.position == expected.end, "seed \(seed), round \(round)")
            #expect(standing.target == expected.target, "seed \(seed), round \(round)")
        }
    }

    /// However many base backups there are, on whatever branches: what those lack that the archive is judged by is what any
    /// lacks that can be made consistent.
    @Test(arguments: [UInt64(20_261_122)])
    func noCompleteBaseBackupHidesWhatAnotherLacks(seed: UInt64) throws {
        var branched = 0
        for round in 0..<4000 {
            var model = NaiveArchive(seed: seed &+ UInt64(round))
            let bases = (0..<4).map { _ in model.makeBase() }.sorted { $0.start < $1.start }
            let standings = WALArchiveAnalysis(
                model.index, histories: model.histories, late: LateSpan(after: model.lateAfter)
            )
            .standings(of: bases)
            let complete = standings.filter { $0.state == .complete }
            let expected = complete.reduce(into: Set<WALSegmentName>()) {
                $0.formUnion(model.standing($1.base).missing)
            }
            let judged = standings.judged.filter { $0.state == .complete }
            #expect(judged.isEmpty == complete.isEmpty, "seed \(seed), round \(round)")
            let missing = Set(judged.flatMap(\.missing).flatMap { model.names($0) })
            #expect(missing == expected, "seed \(seed), round \(round)")
            #expect(judged.map(\.target) == Set(complete.map(\.target)).sorted(by: >), "seed \(seed), round \(round)")
            if judged.count > 1, missing != Set(judged[0].missing.flatMap { model.names($0) }) { branched += 1 }
        }
        #expect(branched > 0)
    }
}
