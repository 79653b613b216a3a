import Backups
import Testing

@testable import PostgreSQL

/// Which timeline was followed, and which one should have been. Segments of 1 MiB: segment 9 begins at 0/900000.
@Suite struct RecoveryTimelinesTests {
    private static let log = """
        2026-11-20 02:00:01.000 UTC [9] LOG:  redo starts at 0/300028
        2026-11-20 02:00:01.100 UTC [9] LOG:  consistent recovery state reached at 0/300100
        """

    /// Numbers of segments by timeline, and when each was stored.
    private typealias Archive = [UInt32: [(numbers: ClosedRange<UInt64>, stored: UInt32)]]

    /// A recovery from timeline 1 that followed 2, where that is newer, to the end of its segment 10.
    private func judgement(
        _ target: RecoveryTarget, _ archive: Archive, histories: Set<UInt32> = [2], left: String? = "0/900000",
        end: String = "0/A80000", named: Bool = false, log: String = log
    ) throws -> RecoveryJudgement {
        let size = try #require(WALSegmentSize(bytes: 1 << 20))
        var stored: [WALSegmentName: UInt32] = [:]
        for (timeline, parts) in archive {
            for part in parts {
                for number in part.numbers {
                    stored[WALSegmentName(timeline: timeline, number: number, size: size)] = part.stored
                }
            }
        }
        var switches =
            try left.map { [TimelineHistory.Switch(timeline: 1, position: try #require(WALPosition($0)))] } ?? []
        let last: UInt32 = left == nil ? 1 : 2
        switches.append(.init(timeline: last, position: try #require(WALPosition(end))))
        var judgement = RecoveryJudgement(
            target, RecoveryAccount(log: log), history: TimelineHistory(timeline: last + 1, switches: switches),
            archived: ArchivedSegments(stored.keys, histories: histories, stored: stored), size: size,
            isOnNamedTimeline: named)
        judgement.late = LateSpan(after: 900_000, until: 1_000_600)
        return judgement
    }

    private static let stop =
        "2026-11-20 02:00:02.000 UTC [9] LOG:  recovery stopping after commit of transaction 7, time x"

    // MARK: A timeline that goes on beside the newest

    /// The old timeline's segments behind the place where it was left, and those of the new one; `nil`: without them.
    @Test(
        arguments: [
            // A restore test was promoted and archived a segment; production went on for a day.
            (nil, nil, Verdict.verified), (90_000, nil, .inconclusive),
            // After a failover: what the old server had left, and the new one goes on.
            (1_400, nil, .verified), (1_700, nil, .inconclusive), (1_700, 2_400, .verified),
            // Both go on.
            (90_000, 90_100, .inconclusive), (90_000, 89_900, .inconclusive), (90_000, 91_000, .verified),
            // Its time says nothing.
            (2_000_000, nil, .verified),
        ] as [(UInt32?, UInt32?, Verdict)])
    func anOlderTimelineThatGoesOnIsNoneOfTheEnd(old: UInt32?, new: UInt32?, verdict: Verdict) throws {
        var archive: Archive = [1: [(5...8, 900)], 2: [(9...10, 1_000)]]
        if let old { archive[1]?.append((9...30, old)) }
        if let new { archive[2] = [(9...9, 1_000), (10...10, new)] }
        archive[1]?.append((3...4, 800))
        let check = try judgement(.latest, archive).check()
        #expect(check.verdict == verdict, "\(check)")
        if verdict != .verified {
            #expect(check.reason == .targetNotReached && check.hint?.contains("--timeline 1") == true, "\(check)")
            #expect(check.message.contains("00000001000000000000001E"))
        }
        // Who names the timeline knows.
        #expect(try judgement(.latest, archive, named: true).check().verdict == .verified)
    }

    /// A third one, that parted from the way as the newest did.
    @Test func aBranchBesideTheWayCountsToo() throws {
        let way: Archive = [1: [(3...8, 900)], 3: [(9...10, 1_000)]]
        func check(_ archive: Archive) throws -> Check {
            let known = try self.judgement(.latest, archive, histories: [2, 3])
            let history = TimelineHistory(
                timeline: 4,
                switches: known.history.switches.map {
                    .init(timeline: $0.timeline == 2 ? 3 : $0.timeline, position: $0.position)
                })
            var judgement = RecoveryJudgement(
                .latest, known.account, history: history, archived: known.archived, size: known.size,
                isOnNamedTimeline: false)
            judgement.late = known.late
            return judgement.check()
        }
        #expect(try check(way).verdict == .verified)
        #expect(try check(way.merging([2: [(9...12, 900)]]) { $1 }).verdict == .verified)
        let rival = try check(way.merging([2: [(9...12, 90_000)]]) { $1 })
        #expect(rival.reason == .targetNotReached && rival.hint?.contains("--timeline 2") == true, "\(rival)")
    }

    /// What lies before the place where the two part is on both.
    @Test(arguments: [("0/880000", Verdict.verified), ("0/900000", .verified), ("0/980000", .inconclusive)])
    func aTargetBehindThePlaceWhereTheyPartIsInDoubt(end: String, verdict: Verdict) throws {
        let archive: Archive = [1: [(3...8, 900), (9...30, 90_000)], 2: [(9...10, 1_000)]]
        for target in [RecoveryTarget.transaction(7), .name("x")] {
            let check = try judgement(target, archive, end: end, log: Self.log + "\n" + Self.stop).check()
            #expect(check.verdict == verdict, "\(check)")
        }
        let immediate = try judgement(.immediate, archive, end: end, log: Self.log + "\n" + Self.stop).check()
        #expect(immediate.verdict == .verified)
    }

    // MARK: A newer timeline whose history is missing

    /// Timeline 2 begins in segment 9, and 1 goes on behind it.
    @Test(
        arguments: [
            ("0/880000", Verdict.verified, nil), ("0/900000", .verified, nil),
            // In the segment in which 2 begins: before or behind that, nobody knows.
            ("0/980000", .inconclusive, "target-not-reached"), ("0/A80000", .failed, "wal-gap"),
        ] as [(String, Verdict, String?)])
    func aTargetOnABranchThatWasLeftIsNotReached(end: String, verdict: Verdict, reason: String?) throws {
        let archive: Archive = [1: [(3...12, 900)], 2: [(9...10, 1_000)]]
        for target in [RecoveryTarget.transaction(7), .name("x")] {
            let log = Self.log + "\n" + Self.stop
            func check(_ archive: Archive, named: Bool = false) throws -> Check {
                try judgement(target, archive, histories: [], left: nil, end: end, named: named, log: log).check()
            }
            let check1 = try check(archive)
            #expect(check1.verdict == verdict && check1.reason?.rawValue == reason, "\(check1)")
            #expect(try check(archive, named: true).verdict == .verified)
            #expect(try check([1: [(3...12, 900)]]).verdict == .verified)
        }
    }

    /// It came, or went, while the drill ran; or it may be on its way.
    @Test func aHistoryThatMayComeFailsNothing() throws {
        let log = Self.log + "\n" + Self.stop
        var judgement = try self.judgement(
            .transaction(7), [1: [(3...12, 900)], 2: [(9...10, 950_000)]], histories: [], left: nil, log: log)
        #expect(judgement.check().reason == .walBehind)
        judgement.since = ArchivedSegments([], histories: [2])
        #expect(judgement.check().reason == .targetNotReached)
    }

    // MARK: Where it began

    /// After pg_upgrade, which begins with timeline 1 again, the old cluster's segments lie before the base backup.
    @Test func withoutAReplayTheLabelTellsWhereItBegan() throws {
        let fatal = "2026-11-20 02:00:02.000 UTC [9] FATAL:  could not locate required checkpoint record"
        let end = try #require(WALPosition("0/C00028"))
        func check(_ archive: Archive, labelled: Bool) throws -> Check {
            var judgement = try self.judgement(.latest, archive, histories: [], left: nil, end: "0/C00028", log: fatal)
            judgement.labelStart = labelled ? end : nil
            return judgement.explain(end: end, Obstacle(.serverFailed, "the scratch server ended by itself"))
        }
        #expect(try check([3: [(5...9, 900)]], labelled: true).reason == .walBehind)
        #expect(try check([3: [(5...9, 900)]], labelled: false).reason == .walGap)
        #expect(try check([3: [(5...12, 900)]], labelled: true).reason == .walGap)
        // Its first segment is missing, and later ones are there.
        let gap = try check([1: [(13...14, 900)]], labelled: true)
        #expect(gap.reason == .walGap && gap.message.contains("00000001000000000000000C"), "\(gap)")
    }
}
