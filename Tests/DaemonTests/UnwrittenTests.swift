import Backups
import Testing

@testable import Daemon

/// While the history can't be written, facts are drawn as it would draw them.
@Suite struct UnwrittenTests {
    private static let now = SimulatedDay.beginning

    static func backup(_ day: Int) -> CatalogBackup {
        let moment = now.adding(minutes: day * 1440)
        return CatalogBackup(
            identity: BackupIdentity(path: "/b/shop-\(day).sql", sizeBytes: 7, modified: moment), completedAt: moment,
            dataAsOf: moment)
    }

    static func report(
        _ backup: CatalogBackup, _ verdict: Verdict, stoppedEarly: Bool = false, at moment: Timestamp
    ) -> VerificationReport {
        let table = TableResult(
            name: TableName(schema: "public", name: "t"), dumpRows: 3, restoredRows: verdict == .failed ? 2 : 3,
            referenceRows: nil, proof: verdict == .failed ? .none : .itself)
        return VerificationReport(
            database: "shop",
            backup: BackupFacts(
                location: "/b", name: backup.identity.name,
                time: DataTime(manifest: nil, dumpStart: nil, named: backup.dataAsOf, completedAt: backup.completedAt)),
            conclusion: Conclusion(
                verdict: verdict, reason: stoppedEarly ? .stoppedEarly : nil,
                message: "\(backup.identity.name): \(verdict)", hint: nil, proof: table.proof, provedThrough: nil,
                stoppedAfter: stoppedEarly ? .integrity : nil, content: .proved),
            tables: [table], startedAt: moment, finishedAt: moment)
    }

    /// The day of each backup and what its run said, in the order in which the runs ended; the status then, of which day,
    /// and how many are known to be bad.
    private static let stories: [(runs: [(day: Int, verdict: Verdict)], status: Verdict, day: Int, bad: Int)] = [
        ([(5, .failed)], .failed, 5, 1),
        // A turn takes the newest first, and older ones after it.
        ([(5, .failed), (1, .verified)], .failed, 5, 1),
        ([(5, .verified), (1, .failed)], .verified, 5, 1),
        ([(1, .failed), (5, .verified)], .verified, 5, 1),
        ([(5, .failed), (5, .inconclusive)], .failed, 5, 1),
        ([(5, .failed), (5, .verified)], .verified, 5, 0),
        ([(5, .failed), (6, .inconclusive)], .inconclusive, 6, 1),
        ([(5, .failed), (1, .failed), (1, .failed)], .failed, 5, 2),
        ([(1, .inconclusive)], .verified, 3, 0),
    ]

    @Test(arguments: stories.indices)
    func theNewestBackupDecides(index: Int) {
        let (runs, status, day, bad) = Self.stories[index]
        var known = VerificationFacts()
        known.note(Self.report(Self.backup(3), .verified, at: Self.now), decides: true, judges: true)
        known.source = StatusSource(
            backup: Self.backup(3).identity, time: Self.backup(3).time, run: RunID(1), message: "shop-3.sql: verified",
            hint: nil)
        let unwritten = runs.enumerated().map { number, run in
            HistoryKeeper.Unwritten(
                run: nil, database: "shop", backup: Self.backup(run.day).identity,
                report: Self.report(Self.backup(run.day), run.verdict, at: Self.now.adding(minutes: 10 + number)))
        }
        let facts = known.after(unwritten, present: Set((1...6).map { Self.backup($0).identity }))
        #expect(facts.status == status && facts.knownBad == bad)
        #expect(facts.source?.backup == Self.backup(day).identity)
        #expect(facts.source?.message == "shop-\(day).sql: \(status)")
        #expect(facts.lastRun == Self.now.adding(minutes: 9 + runs.count))
        #expect(facts.runs.values.reduce(0, +) == UInt64(runs.count) + 1)
        let successes = runs.enumerated().filter { $0.element.verdict == .verified }.map { $0.offset + 10 }
        #expect(facts.lastSuccess == Self.now.adding(minutes: successes.max() ?? 0))
        let judged = runs.last { $0.verdict != .inconclusive }
        #expect(facts.mismatchedTables == (judged?.verdict == .failed ? 1 : 0))
    }

    @Test func whatTheHistoryKnowsIsNotCountedTwice() {
        let backup = Self.backup(5)
        var known = VerificationFacts()
        known.note(Self.report(backup, .failed, at: Self.now), decides: true, judges: true)
        known.knownBad = 1
        known.source = StatusSource(backup: backup.identity, time: backup.time, run: RunID(1), message: "m", hint: nil)
        func after(_ verdict: Verdict, early: Bool = false) -> VerificationFacts {
            let report = Self.report(backup, verdict, stoppedEarly: early, at: Self.now.adding(minutes: 5))
            let entry = HistoryKeeper.Unwritten(run: nil, database: "shop", backup: backup.identity, report: report)
            return known.after([entry], present: [backup.identity])
        }
        #expect(after(.failed).knownBad == 1 && after(.failed).statusSince == Self.now)
        #expect(after(.verified).knownBad == 0 && after(.verified).status == .verified)
        #expect(after(.inconclusive).status == .failed && after(.inconclusive).knownBad == 1)
        // A look that stopped before the trouble takes nothing back.
        #expect(after(.verified, early: true).status == .failed && after(.verified, early: true).lastSuccess == nil)
    }
}
