import Backups
import Glibc
import TestSupport
import Testing

@testable import PostgreSQL

/// Base backups on ways that part: after a recovery to a point in time the old branch is still there.
@Suite struct WALArchiveBranchesTests {
    private static let older = Timestamp(seconds: 1_790_000_100)
    private static let newer = Timestamp(seconds: 1_790_000_200)

    private let archive: PageArchive

    /// Timeline 2 left timeline 1 in segment 4; the base backups from before that are gone.
    init() throws {
        archive = try PageArchive()
        try archive.store(4...12)
        try archive.store(4...12, timeline: 2)
        try archive.storeHistory(of: 2, leaving: 1, in: 4)
        try archive.addBase("abandoned", in: 6, at: Self.older)
        try archive.addBase("alive", in: 7, timeline: 2, at: Self.newer)
    }

    private func facts(_ report: WALArchiveReport) -> WALArchiveFacts { WALArchiveFacts(report, at: .now()) }

    @Test func bothBranchesAreWhole() throws {
        let report = try archive.check()
        #expect(report.verdict == .verified, "\(report.checks)")
        #expect(report.bases.map(\.targetTimeline) == [1, 2])
        #expect(report.bases.map(\.state) == [.complete, .complete])
        // One gets back to the newest timeline only from a base backup that leads there.
        #expect(report.window.start == Self.newer)
        #expect(facts(report).missingSegments == 0)
        #expect(facts(report).newestSegment == (try archive.name(12, timeline: 2)))
        #expect(report.checks.first?.message.contains(try archive.name(12, timeline: 2)) == true)
    }

    @Test func aGapOfTheNewTimelineIsSeen() throws {
        unlink(try archive.path(9, timeline: 2))
        let report = try archive.check()
        let gone = try archive.name(9, timeline: 2)
        #expect(report.decisive?.reason == .walGap, "\(report.checks)")
        #expect(report.decisive?.details == [gone])
        #expect(report.decisive?.message.contains("recovery ends at 0/900000 on timeline 2") == true)
        #expect(facts(report).missingSegments == 1)
        #expect(facts(report).firstMissing?.first == gone)
        #expect(report.window.start == nil)
    }

    /// Its base backup can't be made consistent, so that nothing leads to the newest timeline.
    @Test func aGapWithinTheOnlyBaseBackupOfTheNewTimelineIsSeen() throws {
        unlink(try archive.path(7, timeline: 2))
        let report = try archive.check()
        #expect(report.bases.map(\.state) == [.complete, .incomplete])
        #expect(report.decisive?.reason == .walGap, "\(report.checks)")
        #expect(facts(report).missingSegments == 1)
        #expect(report.window.start == nil)
    }

    @Test func aGapOfTheOldBranchIsSeenToo() throws {
        unlink(try archive.path(9))
        unlink(try archive.path(10, timeline: 2))
        unlink(try archive.path(11, timeline: 2))
        let report = try archive.check()
        #expect(report.decisive?.reason == .walGap)
        #expect(report.decisive?.details.count == 2, "\(report.checks)")
        #expect(facts(report).missingSegments == 3)
        // Without base backups on it nobody misses anything there.
        try Tool.run("rm", ["-r", "\(archive.base)/abandoned"])
        #expect(facts(try archive.check()).missingSegments == 2)
    }

    /// An older base backup that leads to the new timeline as well: what both ways share is counted once.
    @Test func whatTwoBaseBackupsLackIsCountedOnce() throws {
        try archive.store(1...3)
        try archive.addBase("before", in: 2, at: Timestamp(seconds: 1_790_000_000))
        #expect(try archive.check().verdict == .verified)
        unlink(try archive.path(9, timeline: 2))
        let report = try archive.check()
        #expect(report.bases.map(\.missingCount) == [1, 0, 1])
        #expect(facts(report).missingSegments == 1)
    }

    /// A restored copy was promoted and archived beside production, which went on: `latest` would follow the copy.
    @Test(arguments: [3600, 90_000] as [Int64]) func aBranchThatGoesOnIsTold(later: Int64) throws {
        func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: PageArchive.stored.seconds + seconds) }
        let now = at(200_000)
        try archive.store(1...3)
        try archive.addBase("before", in: 2, at: Timestamp(seconds: 1_790_000_000))
        // The old server had a segment left.
        try archive.store([13], at: at(500))
        let left = try archive.check(now: now)
        #expect(left.verdict == .verified && left.rivalTimelines == [], "\(left.checks)")
        #expect(facts(left).bases.filter { !$0.leadsOn }.map(\.path) == ["\(archive.base)/abandoned"])

        try archive.store(14...20, at: at(later))
        let report = try archive.check(now: now)
        #expect(report.verdict == .inconclusive && report.decisive?.reason == .targetNotReached, "\(report.checks)")
        #expect(report.decisive?.message.contains(try archive.name(20)) == true)
        #expect(report.decisive?.hint?.contains("--timeline 1") == true)
        #expect(report.rivalTimelines == [1] && report.json.text.contains(#""rival_timelines":[1]"#))
        #expect(facts(report).bases.filter { !$0.leadsOn } == [])
        // Both are written to: the one that is ahead for a moment is not therefore production's.
        try archive.store([13], timeline: 2, at: at(later + 300))
        #expect(try archive.check(now: now).decisive?.reason == .targetNotReached)
        // It was the old server's last word.
        try archive.store([14], timeline: 2, at: at(later + 700))
        let settled = try archive.check(now: now)
        #expect(settled.verdict == .verified && settled.rivalTimelines == [], "\(settled.checks)")
    }

    /// Times in the future hide no gap, and no segment that is cut.
    @Test func aTimeThatHasNotComeHidesNothing() throws {
        let now = Timestamp(seconds: PageArchive.stored.seconds + 100_000)
        func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: now.seconds + seconds) }
        #expect(try archive.check(grace: .seconds(600), now: now).verdict == .verified)
        try archive.store([14], timeline: 2, at: at(-60))
        #expect(try archive.check(grace: .seconds(600), now: now).verdict == .verified)
        try archive.store([14], timeline: 2, at: at(864_000))
        let gap = try archive.check(grace: .seconds(600), now: now)
        #expect(gap.decisive?.reason == .walGap, "\(gap.checks)")
        #expect(gap.bases.last?.missingCount == 1)
        #expect(gap.decisive?.details.contains { $0.contains("stored in the future") } == true)

        unlink(try archive.path(14, timeline: 2))
        try archive.store([13], timeline: 2, at: at(864_000))
        truncate(try archive.path(13, timeline: 2), 20)
        try PageArchive.setTime(of: try archive.path(13, timeline: 2), at(-60))
        #expect(try archive.check(grace: .seconds(600), now: now).verdict == .verified)
        try PageArchive.setTime(of: try archive.path(13, timeline: 2), at(864_000))
        #expect(try archive.check(grace: .seconds(600), now: now).decisive?.reason == .truncated)
    }
}
