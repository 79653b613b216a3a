import Backups
import Testing

/// What any store promises of facts.
@Suite struct FactsContractTests {
    @Test(arguments: StoreImplementation.allCases)
    func nothingIsKnownAtFirst(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        _ = try begun.store.monitoredSince("shop", now: .day(0))
        #expect(try begun.facts([Sample.backup(1)]) == VerificationFacts())
    }

    @Test(arguments: StoreImplementation.allCases)
    func aVerifiedRunFillsAllFacts(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let backup = Sample.backup(1)
        var report = Sample.report(
            backup, .verified, proof: .manifest,
            checks: [
                .verified("rows", in: .rows, "equal"),
                .inconclusive("freshness:public.t", in: .freshness, .queryError, "not asked"),
            ],
            tables: [Sample.table("a", dump: 3, restored: 3), Sample.table("b", dump: 4, restored: 4)],
            restore: RestoreFacts(seconds: 2.5, profile: .fast, bytes: 77), at: .day(2))
        report.stages = [
            StageTiming(.integrity, seconds: 1), StageTiming(.restore, seconds: 2), StageTiming(.restore, seconds: 0.5),
        ]
        report.freshness = .day(1, hour: 1)
        let run = try begun.run(backup, report)
        try begun.reopen()
        let facts = try begun.facts([backup])
        #expect(facts.status == .verified && facts.statusSince == .day(2) && facts.proof == .manifest)
        #expect(facts.knownBad == 0 && facts.runs == [.verified: 1])
        #expect(facts.lastRun == .day(2) && facts.lastSuccess == .day(2))
        #expect(facts.verifiedBackupTime == .day(1, hour: 2))
        #expect(facts.stageSeconds == [.integrity: 1, .restore: 2.5])
        #expect(facts.checks == ["rows": true])
        #expect(facts.restored == RestoredFacts(seconds: 2.5, bytes: 77, rows: 7, tables: 2))
        #expect(facts.mismatchedTables == 0)
        #expect(facts.freshness == .day(1, hour: 1))
        #expect(facts.recent.map(\.id) == [run] && facts.recent.first?.restoreSeconds == 2.5)
        #expect(facts.nextRun == nil && !facts.isRunning)
    }

    @Test(arguments: StoreImplementation.allCases)
    func aFailureShowsInItsFactsAndKeepsTheLastRestore(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let (good, bad) = (Sample.backup(1), Sample.backup(2))
        try begun.run(
            good,
            Sample.report(
                good, .verified, restore: RestoreFacts(seconds: 2, profile: .fast, bytes: nil), at: .day(2)))
        try begun.run(
            bad,
            Sample.report(
                bad, .failed, reason: .rowsDiffer,
                checks: [
                    .verified("gzip", in: .integrity, "whole"), .failed("rows", in: .rows, .rowsDiffer, "other rows"),
                    .verified("rows", in: .rows, "of the second database"),
                ],
                tables: [
                    Sample.table("a", dump: 3, restored: 2, proof: .none),
                    Sample.table("moved", dump: 3, restored: 2, proof: .bounds),
                    Sample.table("b", dump: 1, restored: 1),
                ],
                restore: RestoreFacts(seconds: 9, profile: .fast, bytes: nil), at: .day(3)))
        let facts = try begun.facts([good, bad])
        #expect(facts.status == .failed && facts.statusSince == .day(3) && facts.proof == .none)
        #expect(facts.knownBad == 1 && facts.mismatchedTables == 1)
        #expect(facts.checks == ["gzip": true, "rows": false])
        #expect(facts.restored == RestoredFacts(seconds: 2))
        #expect(facts.lastRun == .day(3) && facts.lastSuccess == .day(2))
        #expect(facts.verifiedBackupTime == .day(1, hour: 2))
        #expect(facts.runs == [.verified: 1, .failed: 1])
    }

    @Test(arguments: StoreImplementation.allCases)
    func theStatusFollowsTheNewestBackup(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        try begun.run(Sample.backup(5), .verified, at: .day(6))
        // A random older one is bad: known, but not the status.
        try begun.run(Sample.backup(2), .failed, at: .day(7))
        var facts = try begun.facts([Sample.backup(2), Sample.backup(5)])
        #expect(facts.status == .verified && facts.statusSince == .day(6))
        #expect(facts.knownBad == 1)
        // By the data's time, where it is known, and not by when the file was finished.
        let finishedLate = CatalogBackup(
            identity: BackupIdentity(path: "/late", sizeBytes: 1, modified: .day(9)), completedAt: .day(9),
            dataAsOf: .day(4))
        try begun.run(finishedLate, .failed, at: .day(9))
        facts = try begun.facts([])
        #expect(facts.status == .verified && facts.knownBad == 0)
        try begun.run(Sample.backup(8, hasTime: false), .failed, at: .day(10))
        #expect(try begun.facts().status == .failed)
    }

    @Test(arguments: StoreImplementation.allCases)
    func aSeriesBeginsWhenTheStatusChanges(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let story: [(day: Int, verdict: Verdict, since: Int)] = [
            (1, .verified, 1), (2, .verified, 1), (3, .failed, 3), (4, .failed, 3), (5, .inconclusive, 5),
            (6, .inconclusive, 5), (7, .verified, 7),
        ]
        for (day, verdict, since) in story {
            try begun.run(Sample.backup(day), verdict, at: .day(day, hour: 5))
            let facts = try begun.facts()
            #expect(facts.status == verdict)
            #expect(facts.statusSince == .day(since, hour: 5), "day \(day)")
        }
    }

    @Test(arguments: StoreImplementation.allCases)
    func aRestartDoesNotClearAFailure(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let backup = Sample.backup(1)
        try begun.run(
            backup,
            Sample.report(
                backup, .failed, checks: [.failed("rows", in: .rows, .rowsDiffer, "other rows")], at: .day(2)))
        _ = try begun.store.begin("shop", backup: backup.identity, at: .day(3))
        try begun.reopen()
        _ = try begun.store.interruptUnfinished(at: .day(4))
        var facts = try begun.facts([backup])
        #expect(facts.status == .failed && facts.statusSince == .day(2))
        #expect(facts.knownBad == 1 && facts.checks == ["rows": false])
        #expect(facts.runs == [.failed: 1, .inconclusive: 1] && facts.lastRun == .day(4))
        // Nor does a look that stopped before the trouble.
        try begun.run(backup, .verified, stoppedAfter: .integrity, at: .day(5))
        #expect(try begun.facts([backup]).status == .failed)
        try begun.run(backup, .verified, at: .day(6))
        facts = try begun.facts([backup])
        #expect(facts.status == .verified && facts.statusSince == .day(6) && facts.knownBad == 0)
    }

    @Test(arguments: StoreImplementation.allCases)
    func aRunThatStoppedEarlyIsNoSuccess(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let (one, two) = (Sample.backup(1), Sample.backup(2))
        try begun.run(one, .verified, at: .day(2))
        try begun.run(two, .verified, stoppedAfter: .integrity, at: .day(3))
        let facts = try begun.facts([one, two])
        #expect(facts.lastSuccess == .day(2) && facts.lastRun == .day(3))
        #expect(facts.verifiedBackupTime == .day(1, hour: 2))
        #expect(facts.runs == [.verified: 2] && facts.status == .verified)
    }

    @Test(arguments: StoreImplementation.allCases)
    func onlyABackupThatIsStillThereUnchangedCounts(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let (one, two) = (Sample.backup(1), Sample.backup(2))
        try begun.run(one, .verified, at: .day(2))
        try begun.run(two, .verified, at: .day(3))
        #expect(try begun.facts([one, two]).verifiedBackupTime == .day(2, hour: 2))
        #expect(try begun.facts([one]).verifiedBackupTime == .day(1, hour: 2))
        #expect(try begun.facts([one, Sample.backup(2, bytes: 999)]).verifiedBackupTime == .day(1, hour: 2))
        #expect(try begun.facts([]).verifiedBackupTime == nil)
        // Proved, and then not looked at: still proved. Found bad: not any more.
        try begun.run(two, .inconclusive, at: .day(4))
        #expect(try begun.facts([one, two]).verifiedBackupTime == .day(2, hour: 2))
        try begun.run(two, .failed, at: .day(5))
        #expect(try begun.facts([one, two]).verifiedBackupTime == .day(1, hour: 2))
    }

    /// The days whose backups were judged, and how; those that are still there; what the status then is, and of which day.
    static let stories: [(judged: [Int: Verdict], present: [Int], status: Verdict, source: Int)] = [
        ([1: .verified, 5: .failed], [1, 5], .failed, 5),
        // The bad one was removed, and the one before it is the newest now.
        ([1: .verified, 5: .failed], [1], .verified, 1),
        ([1: .inconclusive, 5: .failed], [1], .inconclusive, 1),
        // It was removed, and nobody has looked at those that came since: what was found wrong stands.
        ([1: .verified, 5: .failed], [1, 6], .failed, 5),
        ([1: .verified, 5: .failed], [6], .failed, 5),
        // What was good is gone, and an older one is bad.
        ([1: .failed, 5: .verified], [1], .failed, 1),
        ([1: .failed, 5: .verified], [1, 6], .failed, 1),
        ([1: .failed, 5: .verified], [6], .verified, 5),
        // One whose name said a later year was judged, and removed.
        ([1: .verified, 900: .verified, 7: .failed], [1, 7], .failed, 7),
        ([1: .verified, 900: .failed, 7: .verified], [1, 7], .verified, 7),
        // Nothing was listed.
        ([1: .failed, 5: .verified], [], .verified, 5),
    ]

    @Test(arguments: stories.indices)
    func whatIsThereDecidesTheStatus(index: Int) throws {
        let (judged, present, status, source) = Self.stories[index]
        for implementation in StoreImplementation.allCases {
            let begun = try implementation.begun()
            for (day, verdict) in judged.sorted(by: { $0.key % 100 < $1.key % 100 }) {
                try begun.run(Sample.backup(day), verdict, at: .day(day % 100, hour: 9))
            }
            let facts = try begun.facts(
                present.map { Sample.backup($0) }, newest: present.max().map { Sample.backup($0) })
            #expect(facts.status == status)
            #expect(facts.source?.backup == Sample.backup(source).identity)
            #expect(facts.source?.message == "it is \(status)" && facts.source?.run != nil)
        }
    }

    /// The newest that was judged is gone. Whoever is there instead is tried again and again: its series began with the first
    /// try that said so.
    @Test(arguments: StoreImplementation.allCases)
    func tryingAgainBeginsNoSeries(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let (there, gone) = (Sample.backup(5), Sample.backup(9))
        try begun.run(gone, .verified, at: .day(9))
        let story: [(day: Int, verdict: Verdict, stopped: Stage?, status: Verdict, since: Int)] = [
            (10, .inconclusive, nil, .inconclusive, 10), (11, .inconclusive, nil, .inconclusive, 10),
            (12, .failed, nil, .failed, 12), (13, .inconclusive, nil, .failed, 12),
            (14, .verified, .integrity, .failed, 12), (15, .failed, nil, .failed, 12),
            (17, .inconclusive, nil, .failed, 12),
        ]
        for (day, verdict, stopped, status, since) in story {
            try begun.run(there, verdict, stoppedAfter: stopped, at: .day(day))
            let facts = try begun.facts([there], newest: there)
            #expect(facts.status == status && facts.statusSince == .day(since), "day \(day)")
        }
        try begun.reopen()
        #expect(try begun.facts([there], newest: there).statusSince == .day(12))
        // While it is not known what is there the one that is drawn decides.
        #expect(try begun.facts().status == .verified && begun.facts().statusSince == .day(9))
    }

    /// Why a database would not come back is what the run over its newest backup said, and not one over an older one.
    @Test(arguments: StoreImplementation.allCases)
    func theCauseIsThatOfTheBackupThatDecides(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let (old, new) = (Sample.backup(1), Sample.backup(5))
        let first = try begun.run(new, .failed, at: .day(6))
        try begun.run(old, .failed, at: .day(7))
        try begun.run(new, .inconclusive, at: .day(8))
        let facts = try begun.facts([old, new], newest: new)
        #expect(facts.status == .failed && facts.source?.run == first && facts.source?.backup == new.identity)
    }

    @Test(arguments: StoreImplementation.allCases)
    func theTimeOfAFileIsNoDataTime(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let backup = Sample.backup(1, hasTime: false)
        try begun.run(backup, .verified, at: .day(2))
        #expect(try begun.facts([backup]).verifiedBackupTime == nil)
    }

    @Test(arguments: StoreImplementation.allCases)
    func databasesDoNotMix(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let backup = Sample.backup(1)
        try begun.run(backup, .verified, at: .day(2))
        try begun.run(backup, Sample.report(backup, .failed, at: .day(3)), of: "other")
        #expect(try begun.facts([backup]).status == .verified)
        #expect(try begun.facts([backup]).knownBad == 0)
        let other = try begun.facts([backup], of: "other")
        #expect(other.status == .failed && other.knownBad == 1 && other.lastSuccess == nil)
    }
}
