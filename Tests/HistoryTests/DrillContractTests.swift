import Backups
import History
import Testing

/// What a history keeps of drills, apart from verifications.
@Suite struct DrillContractTests {
    private static let facts: DrillFacts = {
        var facts = DrillFacts(target: "2026-11-20T02:00:07Z", archive: "s3://b/wal\u{0}", files: 7, bytes: .max)
        (facts.end, facts.timeline, facts.lastTransaction) = ("16/B374D848", .max, .day(3))
        (facts.replaySeconds, facts.promoteSeconds) = (1 / 3, 0.25)
        return facts
    }()

    private static func report(
        _ backup: CatalogBackup, _ verdict: Verdict, drill: DrillFacts? = facts, at moment: Timestamp
    ) -> VerificationReport {
        var report = Sample.report(
            backup, verdict, reason: verdict == .failed ? .walGap : nil,
            restore: RestoreFacts(seconds: 4.5, profile: .fast, bytes: 9), at: moment)
        report.drill = drill
        report.rpo = ObjectiveResult(objectiveSeconds: 60, measuredSeconds: 7, basis: "b", isProved: true)
        return report
    }

    private func drill(_ begun: BegunStore, _ backup: CatalogBackup, _ verdict: Verdict, at moment: Timestamp) throws
        -> RunID
    {
        let begin = DrillFacts(target: Self.facts.target, archive: Self.facts.archive)
        let run = try begun.store.begin("shop", backup: backup.identity, drill: begin, at: moment)
        try begun.store.finish(run, Self.report(backup, verdict, at: moment))
        return run
    }

    @Test(arguments: StoreImplementation.allCases)
    func aDrillIsReadAsItWasWritten(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        #expect(try begun.store.drillRecord(of: "shop") == DrillRecord())
        let backup = Sample.backup(1)
        let run = try drill(begun, backup, .verified, at: .day(2))
        for _ in 0..<2 {
            let record = try begun.store.drillRecord(of: "shop")
            var expected = DrillRecord()
            expected.note(Self.report(backup, .verified, at: .day(2)), run: run)
            #expect(record == expected)
            #expect(try begun.store.report(run) == Self.report(backup, .verified, at: .day(2)))
            let summary = try #require(try begun.store.runs(of: "shop", kind: .drill, limit: 1).first)
            #expect(summary.target == Self.facts.target && summary.isDrill && summary.restoreSeconds == 4.5)
            #expect(try begun.store.runs(of: "shop", limit: 9) == [summary])
            try begun.reopen()
        }
    }

    /// A backup that restores by itself may still lack the log that brings it further, and the other way round.
    @Test(arguments: StoreImplementation.allCases, [Verdict.verified, .failed, .inconclusive])
    func itSaysNothingOfTheBackup(_ implementation: StoreImplementation, _ verdict: Verdict) throws {
        let begun = try implementation.begun()
        let backup = Sample.backup(1)
        func facts() throws -> VerificationFacts {
            try begun.store.verificationFacts(of: "shop", present: [backup.identity], newest: backup.identity)
        }
        _ = try drill(begun, backup, verdict, at: .day(2))
        #expect(try facts() == VerificationFacts() && (try begun.store.lastRuns(of: "shop")) == [:])
        try begun.run(backup, .failed, at: .day(3))
        let judged = try facts()
        #expect(judged.status == .failed && judged.recent.count == 1)
        _ = try drill(begun, backup, verdict, at: .day(4))
        #expect(try facts() == judged)
        #expect(try begun.store.lastRuns(of: "shop").values.map(\.finishedAt) == [.day(3)])
    }

    @Test(arguments: StoreImplementation.allCases)
    func aFailureStandsUntilOneIsVerified(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let backup = Sample.backup(1)
        var expected = DrillRecord()
        var runs: [RunID] = []
        for (day, verdict) in [Verdict.verified, .failed, .inconclusive, .failed, .verified, .inconclusive].enumerated()
        {
            let moment = Timestamp.day(2 + day)
            let run = try drill(begun, backup, verdict, at: moment)
            runs.append(run)
            expected.note(Self.report(backup, verdict, at: moment), run: run)
            let record = try begun.store.drillRecord(of: "shop")
            #expect(record == expected, "\(day)")
        }
        #expect(
            expected.status == .inconclusive && expected.statusSince == .day(7) && expected.deciding?.run == runs[5])
        #expect(expected.lastVerified?.run == runs[4] && expected.runs == [.verified: 2, .failed: 2, .inconclusive: 2])
    }

    @Test(arguments: StoreImplementation.allCases)
    func oneThatWasCutOffIsADrillStill(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let begin = DrillFacts(target: "latest", archive: "/wal")
        let run = try begun.store.begin("shop", backup: Sample.backup(1).identity, drill: begin, at: .day(2))
        try begun.reopen()
        #expect(try begun.store.interruptUnfinished(at: .day(3)) == [run])
        let record = try begun.store.drillRecord(of: "shop")
        #expect(record.status == .inconclusive && record.last?.reason == .interrupted && record.last?.facts == begin)
        #expect(try begun.store.verificationFacts(of: "shop", present: []) == VerificationFacts())
    }

    @Test(arguments: StoreImplementation.allCases)
    func whatTheRecordIsDrawnFromStays(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let backup = Sample.backup(1)
        var runs: [RunID] = []
        for (day, verdict) in [Verdict.verified, .verified, .failed, .failed, .inconclusive, .inconclusive].enumerated()
        {
            runs.append(try drill(begun, backup, verdict, at: .day(2 + day)))
        }
        let before = try begun.store.drillRecord(of: "shop")
        try begun.store.removeOlder(than: .day(30))
        #expect(try begun.store.drillRecord(of: "shop") == before)
        // The last success, the failure that decides, the last one.
        #expect(try begun.store.runs(of: "shop", limit: 9).map(\.id) == [runs[5], runs[3], runs[1]])
    }

    @Test(arguments: StoreImplementation.allCases)
    func eachKindIsAskedForByItself(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let backup = Sample.backup(1)
        var runs: [RunKind: [RunID]] = [:]
        for day in 2..<12 {
            let kind: RunKind = day % 3 == 0 ? .verification : .drill
            let run =
                switch kind {
                case .drill: try drill(begun, backup, .verified, at: .day(day))
                case .verification: try begun.run(backup, .verified, at: .day(day))
                }
            runs[kind, default: []].insert(run, at: 0)
        }
        _ = try begun.store.begin(
            "shop", backup: backup.identity, drill: DrillFacts(target: "latest", archive: "/wal"), at: .day(20))
        try begun.run(Sample.backup(2), Sample.report(Sample.backup(2), .verified, at: .day(30)), of: "app")
        for kind in RunKind.allCases {
            let expected = try #require(runs[kind])
            let one = try begun.store.runs(of: "shop", kind: kind, limit: 3)
            #expect(one.map(\.id) == Array(expected.prefix(3)) && one.allSatisfy { $0.kind == kind })
            var pages: [RunID] = []
            var next: RunID?
            repeat {
                let page = try begun.store.runs(of: ["shop", "none"], kind: kind, before: next, limit: 2).map(\.id)
                pages += page
                next = page.last
            } while next != nil
            #expect(pages == expected)
        }
        #expect(
            try begun.store.runs(of: ["shop", "app"], kind: .drill, before: nil, limit: 99).map(\.id) == runs[.drill])
        #expect(try begun.store.runs(of: ["shop", "app"], kind: nil, before: nil, limit: 99).count == 11)
    }

    @Test(arguments: StoreImplementation.allCases)
    func theFirstConfigurationIsRemembered(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        #expect(try begun.store.drilledSince("shop", now: .day(2)) == .day(2))
        try begun.reopen()
        #expect(try begun.store.drilledSince("shop", now: .day(5)) == .day(2))
        // Another thing than when the database was.
        #expect(try begun.store.monitoredSince("shop", now: .day(4)) == .day(4))
        #expect(try begun.store.drillRecord(of: "shop").since == .day(2))
        try begun.store.forget("shop")
        #expect(try begun.store.drilledSince("shop", now: .day(6)) == .day(6))
    }
}
