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
