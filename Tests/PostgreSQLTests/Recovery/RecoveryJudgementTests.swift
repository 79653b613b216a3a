import Backups
import Testing

@testable import PostgreSQL

/// Segments of 1 MiB: segment 3 begins at 0/300000.
@Suite struct RecoveryJudgementTests {
    private static let log = """
        2026-11-20 02:00:00.000 UTC [7] LOG:  starting PostgreSQL 15
        2026-11-20 02:00:01.000 UTC [9] LOG:  redo starts at 0/300028
        2026-11-20 02:00:01.000 UTC [9] LOG:  restored log file "000000010000000000000003" from archive
        2026-11-20 02:00:01.100 UTC [9] LOG:  consistent recovery state reached at 0/300100
        """

    private func judgement(
        _ target: RecoveryTarget, log lines: [String], archived: [String], end: String, timeline: UInt32 = 1,
        before: [TimelineHistory.Switch] = []
    ) throws -> RecoveryJudgement {
        let position = try #require(WALPosition(end))
        return RecoveryJudgement(
            target, RecoveryAccount(log: ([Self.log] + lines).joined(separator: "\n")),
            history: TimelineHistory(
                timeline: timeline + 1, switches: before + [.init(timeline: timeline, position: position)]),
            archived: ArchivedSegments(archived.compactMap { WALSegmentName($0) }),
            size: try #require(WALSegmentSize(bytes: 1 << 20)), isOnNamedTimeline: false)
    }

    private static func name(_ timeline: Int, _ number: Int) -> String { "0000000\(timeline)000000000000000\(number)" }

    @Test(
        arguments: [
            // It came to the newest segment.
            ([3, 4, 5], "0/500300", Verdict.verified, nil), ([3, 4, 5], "0/600000", .verified, nil),
            // Past it: before the archive is looked at again nobody knows what is there.
            ([3, 4, 5], "0/700300", .inconclusive, "unexplained-error"),
            // Nothing but what came with the backup.
            ([], "0/400000", .inconclusive, "wal-behind"), ([1, 2], "0/400000", .inconclusive, "wal-behind"),
            // A hole.
            ([3, 5], "0/400000", .failed, "wal-gap"), ([3, 4, 6], "0/500000", .failed, "wal-gap"),
            // Nothing is missing, and nobody says why it stopped.
            ([3, 4, 5], "0/400100", .inconclusive, "unexplained-error"),
        ] as [([Int], String, Verdict, String?)])
    func theEndOfTheArchiveIsReachedOrNot(archived: [Int], end: String, verdict: Verdict, reason: String?) throws {
        let check = try judgement(.latest, log: [], archived: archived.map { Self.name(1, $0) }, end: end).check()
        #expect(check.verdict == verdict, "\(check)")
        #expect(check.reason?.rawValue == reason)
    }

    /// Production went on; or segments that the listing does not show were replayed, and others may be missing among them.
    @Test(
        arguments: [
            ([3, 4, 5, 6, 7], Verdict.verified, nil), ([3, 4, 5, 6], .inconclusive, "target-not-reached"),
            ([3, 4, 5], .inconclusive, "target-not-reached"),
        ] as [([Int], Verdict, String?)])
    func whatWasReplayedMustBeListed(since: [Int], verdict: Verdict, reason: String?) throws {
        var judgement = try judgement(
            .latest, log: [], archived: [3, 4, 5].map { Self.name(1, $0) }, end: "0/700300")
        judgement.since = ArchivedSegments(since.compactMap { WALSegmentName(Self.name(1, $0)) })
        let check = judgement.check()
        #expect(check.verdict == verdict && check.reason?.rawValue == reason, "\(check)")
    }

    /// A gap ends recovery as the end of the archive does.
    @Test func anArchiveThatNobodyCanListHasNoEnd() throws {
        let known = try judgement(.latest, log: [], archived: [], end: "0/500300")
        let unlisted = RecoveryJudgement(
            .latest, known.account, history: known.history, archived: .unlisted, size: known.size,
            isOnNamedTimeline: false)
        #expect(unlisted.check().verdict == .inconclusive)
        #expect(unlisted.check().reason == .targetNotReached)
    }

    @Test func aGapIsNamed() throws {
        let check = try judgement(
            .latest, log: [], archived: [Self.name(1, 3), Self.name(1, 6)], end: "0/400000"
        ).check()
        #expect(check.message.hasPrefix("segment \(Self.name(1, 4)) is missing from the archive, which goes on to "))
    }

    @Test func aTargetThatStoppedItIsReachedWhateverFollows() throws {
        let check = try judgement(
            .transaction(7412),
            log: ["2026-11-20 02:00:02.000 UTC [9] LOG:  recovery stopping after commit of transaction 7412, time x"],
            archived: [Self.name(1, 3), Self.name(1, 9)], end: "0/300400"
        ).check()
        #expect(check.verdict == .verified)
    }

    @Test(arguments: [
        "invalid record length at 0/500300: wanted 24, got 0",
        "incorrect resource manager data checksum in record at 0/500300",
        "unexpected pageaddr 0/900000 in log segment 000000010000000000000005, offset 8192",
        "invalid magic number 7878 in log segment 000000010000000000000005, offset 8192",
        "invalid info bits 7878 in log segment 000000010000000000000005, offset 8192",
        "unexpected timeline ID 7 in log segment 000000010000000000000005, offset 0",
        "invalid magic number 7878 in WAL segment 000000010000000000000005, LSN 0/502000, offset 8192",
    ])
    func aRecordThatMakesNoSenseIsDamage(trouble: String) throws {
        let check = try judgement(
            .latest, log: ["2026-11-20 02:00:02.000 UTC [9] LOG:  \(trouble)"],
            archived: [3, 4, 5].map { Self.name(1, $0) }, end: "0/500300"
        ).check()
        #expect(check.verdict == .failed, "\(check)")
        #expect(check.reason == .corrupt)
    }

    /// What a server finds in its own directory, under a name that the archive has not: an old segment that is to be used again.
    @Test(arguments: [
        "unexpected pageaddr 0/100000 in log segment 000000010000000000000006, offset 0",
        "invalid magic number 0000 in WAL segment 000000010000000000000006, LSN 0/600000, offset 0",
    ])
    func whatTheArchiveHasNotIsItsEnd(trouble: String) throws {
        let check = try judgement(
            .latest, log: ["2026-11-20 02:00:02.000 UTC [9] LOG:  \(trouble)"],
            archived: [3, 4, 5].map { Self.name(1, $0) }, end: "0/600000"
        ).check()
        #expect(check.verdict == .verified, "\(check)")
    }

    /// Archivers upload side by side.
    @Test func aSegmentThatIsLateIsNoGap() throws {
        let names = [3, 5].compactMap { WALSegmentName(Self.name(1, $0)) }
        let judged = try judgement(.latest, log: [], archived: [], end: "0/400000")
        func verdict(stored: UInt32, since: [Int]) -> Check {
            var judgement = RecoveryJudgement(
                judged.target, judged.account, history: judged.history,
                archived: ArchivedSegments(names, stored: Dictionary(uniqueKeysWithValues: names.map { ($0, stored) })),
                size: judged.size, isOnNamedTimeline: false)
            judgement.late = LateSpan(after: 1000, until: 9000)
            judgement.since = ArchivedSegments(since.compactMap { WALSegmentName(Self.name(1, $0)) })
            return judgement.check()
        }
        #expect(verdict(stored: 1000, since: [3, 5]).reason == .walGap)
        #expect(verdict(stored: 1001, since: [3, 5]).reason == .walBehind)
        // In the future.
        #expect(verdict(stored: 9001, since: [3, 5]).reason == .walGap)
        #expect(verdict(stored: 1000, since: [3, 4, 5]).reason == .walBehind)
    }

    /// Retention took what was there when the recovery began: the log ends as at a gap, or within a record. A gap before that is one.
    @Test(
        arguments: [
            ([3, 4, 5], [3, 5], [], "0/400000", Verdict.inconclusive, "vanished"),
            (
                [3, 4, 5], [5], ["invalid record length at 0/400000: wanted 24, got 0"], "0/400000", .inconclusive,
                "vanished"
            ),
            ([3, 4, 5], [], [], "0/400000", .inconclusive, "vanished"),
            ([3, 5, 6], [3, 6], [], "0/400000", .failed, "wal-gap"),
            (
                [3, 4, 5], [4, 5], ["invalid record length at 0/400000: wanted 24, got 0"], "0/400000", .failed,
                "corrupt"
            ),
        ] as [([Int], [Int], [String], String, Verdict, String)])
    func whatWasRemovedMeanwhileIsNobodysFault(
        archived: [Int], since: [Int], trouble: [String], end: String, verdict: Verdict, reason: String
    ) throws {
        var judgement = try judgement(
            .latest, log: trouble.map { "2026-11-20 02:00:02.000 UTC [9] LOG:  \($0)" },
            archived: archived.map { Self.name(1, $0) }, end: end)
        judgement.since = ArchivedSegments(since.compactMap { WALSegmentName(Self.name(1, $0)) })
        let check = judgement.check()
        #expect(check.verdict == verdict && check.reason?.rawValue == reason, "\(check)")
    }

    /// A branch that was left behind before the base backup began does not matter; one whose history is there and can't be reached
    /// by PostgreSQL's search is not lost.
    @Test(
        arguments: [
            ([(1, 3), (1, 4), (5, 2)], [], Verdict.verified, nil), ([(1, 3), (1, 4), (5, 3)], [], .failed, "wal-gap"),
            ([(1, 3), (1, 4), (3, 4)], [3], .inconclusive, "target-not-reached"),
            ([(1, 3), (1, 4), (2, 4)], [2], .inconclusive, "target-not-reached"),
        ] as [([(Int, Int)], Set<UInt32>, Verdict, String?)])
    func timelinesThatWereNotFollowed(
        archived: [(Int, Int)], histories: Set<UInt32>, verdict: Verdict, reason: String?
    ) throws {
        let base = try judgement(.latest, log: [], archived: [], end: "0/500000")
        let check = RecoveryJudgement(
            base.target, base.account, history: base.history,
            archived: ArchivedSegments(
                archived.compactMap { WALSegmentName(Self.name($0.0, $0.1)) }, histories: histories),
            size: base.size, isOnNamedTimeline: false
        ).check()
        #expect(check.verdict == verdict, "\(check)")
        #expect(check.reason?.rawValue == reason)
    }

    /// The old timeline's segments behind the switch were never part of the new one.
    @Test func segmentsOfATimelineThatWasLeftDoNotCount() throws {
        let left = TimelineHistory.Switch(timeline: 1, position: try #require(WALPosition("0/480000")))
        let names = [Self.name(1, 3), Self.name(1, 4), Self.name(1, 5), Self.name(1, 6), Self.name(2, 4)]
        let check = try judgement(
            .latest, log: [], archived: names, end: "0/4A0000", timeline: 2, before: [left]
        ).check()
        #expect(check.verdict == .verified, "\(check)")
        // Without the copy of the segment on the new timeline it was not followed to its end.
        let lost = try judgement(
            .latest, log: [], archived: names.dropLast() + [Self.name(2, 6)], end: "0/480000", timeline: 2,
            before: [left]
        ).check()
        #expect(lost.reason == .walGap, "\(lost)")
    }

    @Test func aTimelineWhoseHistoryIsMissingIsAGap() throws {
        let check = try judgement(
            .latest, log: [], archived: [Self.name(1, 3), Self.name(1, 4), Self.name(3, 4)], end: "0/500000"
        ).check()
        #expect(check.reason == .walGap)
        #expect(check.message.contains("00000003.history"))
    }

    @Test(
        arguments: [
            (
                "recovery ended before configured recovery target was reached", [3], Verdict.inconclusive,
                "target-not-reached"
            ),
            ("recovery ended before configured recovery target was reached", [3, 5], .failed, "wal-gap"),
            ("WAL ends before consistent recovery point", [], .inconclusive, "wal-behind"),
            ("could not locate required checkpoint record", [5], .failed, "wal-gap"),
            ("WAL contains references to invalid pages", [3], .failed, "corrupt"),
            ("requested timeline 2 is not a child of this server's history", [3], .inconclusive, "target-not-reached"),
            (
                "requested recovery stop point is before consistent recovery point", [3], .inconclusive,
                "target-not-reached"
            ),
            ("something else", [3], .inconclusive, "server-failed"),
        ] as [(String, [Int], Verdict, String)])
    func aServerThatGaveUpIsExplained(fatal: String, archived: [Int], verdict: Verdict, reason: String) throws {
        let judgement = try judgement(
            .name("x"), log: ["2026-11-20 02:00:02.000 UTC [9] FATAL:  \(fatal)"],
            archived: archived.map { Self.name(1, $0) }, end: "0/300400")
        let end = try #require(WALPosition("0/300400"))
        let check = judgement.explain(end: end, Obstacle(.serverFailed, "the scratch server ended by itself"))
        #expect(check.verdict == verdict, "\(check)")
        #expect(check.reason?.rawValue == reason)
    }

    @Test func momentsOfTheLogAreMeasured() {
        let account = RecoveryAccount(
            log: Self.log + """

                2026-11-20 02:00:03.500 UTC [9] LOG:  redo done at 0/500300 system usage: CPU: user: 0.00 s
                2026-11-20 02:00:03.500 UTC [9] LOG:  last completed transaction was at log time 2026-11-20 01:59:00.123456+00
                2026-11-20 02:00:03.600 UTC [9] LOG:  selected new timeline ID: 2
                2026-11-20 02:00:04.000 UTC [7] LOG:  database system is ready to accept connections
                """)
        #expect(account.seconds(from: .redoStart, to: .redoEnd) == 2.5)
        #expect(account.replaySeconds == 2.5)
        #expect(account.seconds(from: .redoEnd, to: .ready) == 0.5)
        #expect(account.redoEnd == WALPosition("0/500300"))
        #expect(account.lastTransaction == Timestamp("2026-11-20T01:59:00.123456Z"))
        #expect(account.newTimeline == 2)
        #expect(account.restoredFiles == 1)
        #expect(account.fatal == nil)
    }
}
