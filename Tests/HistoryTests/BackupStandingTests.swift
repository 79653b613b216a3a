import Backups
import Testing

@testable import History

@Suite struct BackupStandingTests {
    typealias Outcome = BackupStanding.Outcome

    /// The runs over one backup, and what is said of it after the last: verdict, proved, and whether that one judged it.
    static let stories: [(runs: [Outcome], verdict: Verdict, isProved: Bool, hasJudged: Bool)] = [
        ([.init(.verified)], .verified, true, true),
        ([.init(.failed)], .failed, false, true),
        ([.init(.inconclusive)], .inconclusive, false, false),
        ([.init(.verified, isStoppedEarly: true)], .verified, false, true),
        ([.init(.verified), .init(.inconclusive)], .inconclusive, true, false),
        ([.init(.verified), .init(.verified, isStoppedEarly: true)], .verified, true, true),
        ([.init(.verified), .init(.failed)], .failed, false, true),
        ([.init(.failed), .init(.inconclusive)], .failed, false, false),
        ([.init(.failed), .init(.verified, isStoppedEarly: true)], .failed, false, false),
        ([.init(.failed), .init(.failed, isStoppedEarly: true)], .failed, false, true),
        ([.init(.failed), .init(.inconclusive), .init(.verified)], .verified, true, true),
        ([.init(.inconclusive), .init(.verified)], .verified, true, true),
    ]

    @Test(arguments: stories)
    func follows(runs: [Outcome], verdict: Verdict, isProved: Bool, hasJudged: Bool) throws {
        var last: (standing: BackupStanding, hasJudged: Bool)?
        for run in runs { last = BackupStanding.after(run, earlier: last?.standing) }
        let end = try #require(last)
        #expect(end.standing.verdict == verdict)
        #expect(end.standing.isProved == isProved)
        #expect(end.hasJudged == hasJudged)
    }

    @Test func theProofIsThatOfTheRunThatCounts() {
        let first = BackupStanding.after(.init(.failed, proof: .none), earlier: nil).standing
        #expect(BackupStanding.after(.init(.inconclusive, proof: .itself), earlier: first).standing.proof == .none)
        #expect(BackupStanding.after(.init(.verified, proof: .manifest), earlier: first).standing.proof == .manifest)
    }

    @Test(arguments: [
        (Stage?.none, Reason?.none, false), (.integrity, .stoppedEarly, true), (nil, .stoppedEarly, true),
        (.queries, nil, true),
    ])
    func aConclusionSaysWhetherItStoppedEarly(after stage: Stage?, reason: Reason?, isStoppedEarly: Bool) {
        let conclusion = Conclusion(
            verdict: .verified, reason: reason, message: "", hint: nil, proof: .itself, provedThrough: .rows,
            stoppedAfter: stage, content: .proved)
        #expect(Outcome(conclusion).isStoppedEarly == isStoppedEarly)
        #expect(Outcome(conclusion).isWholeSuccess == !isStoppedEarly)
    }
}
