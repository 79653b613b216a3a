import Backups
import Testing

@testable import Commands

/// What a run that ends tells Prometheus, after what the one before it told.
@Suite struct EarlierMetricsTests {
    private static let name = #"cut/ä "quoted" \ "# + "\n}"

    private static func report(
        _ verdict: Verdict, day: Int, restored: UInt64? = 3, checks: [Check] = [], stopped: Stage? = nil
    ) -> VerificationReport {
        let moment = Timestamp(seconds: 1_795_000_000 + Int64(day) * 86_400)
        let differs = restored.map { $0 != 3 } ?? false
        return VerificationReport(
            database: name,
            backup: BackupFacts(
                location: "/b", name: "b",
                time: DataTime(manifest: nil, dumpStart: nil, named: moment, completedAt: moment)),
            conclusion: Conclusion(
                verdict: verdict, reason: stopped.map { _ in .stoppedEarly }, message: "m", hint: nil,
                proof: verdict == .verified ? .itself : .none,
                provedThrough: nil, stoppedAfter: stopped, content: .proved),
            checks: checks,
            tables: [
                TableResult(
                    name: TableName(schema: "public", name: "t"), dumpRows: 3, restoredRows: restored,
                    referenceRows: nil, proof: differs ? .none : .itself)
            ],
            restore: verdict == .verified ? RestoreFacts(seconds: 2.5, profile: .fast, bytes: 77) : nil,
            startedAt: moment, finishedAt: moment)
    }

    /// What stands there after these runs, each of which reads what the one before it wrote.
    private func facts(after reports: [VerificationReport]) -> VerificationFacts {
        var text = "# a comment\nup{job=\"x\"} 1\nbackup_broken{database=\"\n"
        for report in reports { text = OneShotMetrics([report], intervals: [:], after: EarlierMetrics(text)).text }
        return EarlierMetrics(text).facts(of: Self.name)
    }

    private func time(_ day: Int) -> Timestamp { Timestamp(seconds: 1_795_000_000 + Int64(day) * 86_400) }

    @Test func whatIsWrittenIsRead() {
        let checks: [Check] = [
            .verified("gzip", in: .integrity, "whole"),
            .inconclusive("amcheck", in: .amcheck, .queryError, "not asked"),
            .verified(#"query:"a\b""#, in: .queries, "true"),
        ]
        let facts = facts(after: [Self.report(.verified, day: 1, checks: checks)])
        #expect(facts.status == .verified && facts.statusSince == time(1) && facts.proof == .itself)
        #expect(facts.lastRun == time(1) && facts.lastSuccess == time(1) && facts.verifiedBackupTime == time(1))
        #expect(facts.checks == ["gzip": true, #"query:"a\b""#: true] && facts.mismatchedTables == 0)
        #expect(facts.restored == RestoredFacts(seconds: 2.5, bytes: 77, rows: 3, tables: 1) && facts.knownBad == 0)
        #expect(EarlierMetrics("").facts(of: "shop") == VerificationFacts())
        // What another job pushed under the same name is not ours.
        let other = #"backup_verification_status{database="shop",job="other",status="failed"} 1"#
        #expect(EarlierMetrics(other).facts(of: "shop").status == nil)
        #expect(EarlierMetrics(other.replacing("other", with: "restorable")).facts(of: "shop").status == .failed)
    }

    /// What was only looked at in part proves nothing of the rest, which may be what failed.
    @Test func aLookAtAPartTakesNoFailureBack() {
        let story = [Self.report(.failed, day: 1), Self.report(.verified, day: 2, stopped: .integrity)]
        let facts = facts(after: story)
        #expect(facts.status == .failed && facts.statusSince == time(1) && facts.knownBad == 1)
        #expect(facts.lastSuccess == nil && facts.verifiedBackupTime == nil)
        let whole = self.facts(after: story + [Self.report(.verified, day: 3)])
        #expect(whole.status == .verified && whole.statusSince == time(3) && whole.knownBad == 0)
    }

    private static func backup(_ day: Int, writtenOn written: Int) -> CatalogBackup {
        func time(_ day: Int) -> Timestamp { Timestamp(seconds: 1_795_000_000 + Int64(day) * 86_400) }
        return CatalogBackup(
            identity: BackupIdentity(path: "/b/\(day)", sizeBytes: 1, modified: time(written)),
            completedAt: time(written),
            dataAsOf: time(day))
    }

    /// That of day 1 was proved on day 1. What is then said of it, by the backups that are there (of a day, written on a day)
    /// and the next report.
    static let provedStories: [(present: [(Int, Int)]?, report: VerificationReport, expected: Int?)] = [
        ([(1, 0)], report(.failed, day: 2), 1), ([(1, 0), (2, 2)], report(.inconclusive, day: 2), 1),
        // It is gone, or was written anew, or is not known to be there.
        ([(2, 2)], report(.failed, day: 2), nil), ([(1, 2), (2, 2)], report(.failed, day: 2), nil),
        ([], report(.inconclusive, day: 2), nil),
        // Nobody can tell what is there: it stays as it was known.
        (nil, report(.failed, day: 2), 1),
        // It is that very backup that failed.
        ([(1, 0)], report(.failed, day: 1), nil), (nil, report(.failed, day: 1), nil),
        // It was looked at again, and nothing was found.
        ([(1, 0)], report(.inconclusive, day: 1), 1), ([(1, 0)], report(.verified, day: 1, stopped: .integrity), 1),
        // A newer one is proved; an older one makes it no older.
        ([(1, 0), (2, 2)], report(.verified, day: 2), 2), ([(0, 0), (1, 0)], report(.verified, day: 0), 1),
        ([(0, 0)], report(.verified, day: 0), 0),
    ]

    @Test(arguments: provedStories.indices) func whatIsProvedMustStillBeThere(index: Int) {
        let (present, report, expected) = Self.provedStories[index]
        let first = OneShotMetrics([Self.report(.verified, day: 1)], intervals: [:], after: EarlierMetrics("")).text
        let backups = present.map { [Self.name: $0.map { Self.backup($0.0, writtenOn: $0.1) }] } ?? [:]
        let text = OneShotMetrics([report], intervals: [:], present: backups, after: EarlierMetrics(first)).text
        #expect(EarlierMetrics(text).facts(of: Self.name).verifiedBackupTime == expected.map(time))
    }

    /// Where nobody knows what was said before, only a verdict replaces it.
    @Test func whatIsNotKnownIsReplacedByAVerdictOnly() throws {
        func made(_ report: VerificationReport) throws -> OneShotMetrics.Group {
            try #require(OneShotMetrics([report], intervals: [Self.name: .seconds(60)], after: nil).groups.first)
        }
        let silent = [Self.report(.inconclusive, day: 2), Self.report(.verified, day: 2, stopped: .integrity)]
        for report in silent {
            let group = try made(report)
            #expect(!group.isWhole)
            let names = Set(
                group.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != "{" } })
            #expect(
                names == ["backup_verification_last_run_timestamp_seconds", "backup_verification_interval_seconds"])
        }
        for report in [Self.report(.failed, day: 2), Self.report(.verified, day: 2)] {
            let group = try made(report)
            #expect(group.isWhole)
            #expect(EarlierMetrics(group.text).facts(of: Self.name).status == report.conclusion.verdict)
        }
        // Nothing was said before: that is known, and all is said.
        let first = OneShotMetrics([silent[0]], intervals: [:], after: EarlierMetrics(""))
        #expect(first.groups.map(\.isWhole) == [true])
        #expect(EarlierMetrics(first.text).facts(of: Self.name).status == .inconclusive)
    }

    @Test func onlyAVerdictTakesAFailureBack() {
        let rows: [Check] = [.failed("rows", in: .rows, .rowsDiffer, "other rows")]
        let story = [
            Self.report(.verified, day: 1), Self.report(.failed, day: 2, restored: 2, checks: rows),
            Self.report(.inconclusive, day: 3, restored: nil), Self.report(.inconclusive, day: 4, restored: nil),
            Self.report(.failed, day: 5, restored: nil), Self.report(.verified, day: 6),
            Self.report(.inconclusive, day: 7, restored: nil), Self.report(.inconclusive, day: 8, restored: nil),
        ]
        let expected: [(status: Verdict, since: Int, success: Int, mismatched: Int?, bad: Int)] = [
            (.verified, 1, 1, 0, 0), (.failed, 2, 1, 1, 1), (.failed, 2, 1, 1, 1), (.failed, 2, 1, 1, 1),
            (.failed, 2, 1, nil, 1), (.verified, 6, 6, 0, 0), (.inconclusive, 7, 6, 0, 0), (.inconclusive, 7, 6, 0, 0),
        ]
        for (count, week) in expected.enumerated() {
            let facts = facts(after: Array(story.prefix(count + 1)))
            #expect(facts.status == week.status && facts.statusSince == time(week.since), "week \(count + 1)")
            #expect(facts.lastSuccess == time(week.success) && facts.lastRun == time(count + 1))
            #expect(facts.mismatchedTables == week.mismatched && facts.knownBad == week.bad, "week \(count + 1)")
            #expect(facts.checks["rows"] == ((2...4).contains(count + 1) ? false : nil))
            #expect(facts.restored?.seconds == 2.5)
        }
    }
}
