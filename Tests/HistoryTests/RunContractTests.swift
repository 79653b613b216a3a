import Backups
import Dispatch
import Synchronization
import Testing

/// What any store promises of runs and reports.
@Suite struct RunContractTests {
    @Test(arguments: StoreImplementation.allCases)
    func aWholeReportComesBackEqual(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let report = Sample.filled()
        let run = try begun.run(Sample.backup(1), report)
        #expect(try begun.store.report(run) == report)
        try begun.reopen()
        #expect(try begun.store.report(run) == report)
    }

    @Test(arguments: StoreImplementation.allCases)
    func anEmptyReportComesBackEqual(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let report = VerificationReport(
            backup: BackupFacts(location: "-", name: ""),
            conclusion: Conclusion(
                verdict: .inconclusive, reason: nil, message: "", hint: nil, proof: .none, provedThrough: nil,
                content: .unproved),
            startedAt: .day(0), finishedAt: .day(0))
        #expect(try begun.store.report(begun.run(Sample.backup(1), report)) == report)
    }

    @Test(arguments: StoreImplementation.allCases)
    func whatIsNotFinishedHasNoReport(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let run = try begun.store.begin("shop", backup: Sample.backup(1).identity, at: .day(1))
        #expect(try begun.store.report(run) == nil)
        #expect(try begun.store.report(RunID(run.rawValue + 1)) == nil)
        #expect(try begun.store.runs(of: "shop", limit: 10) == [])
        #expect(try begun.facts() == VerificationFacts())
    }

    @Test(arguments: StoreImplementation.allCases)
    func aRunEndsOnce(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let backup = Sample.backup(1)
        let run = try begun.run(backup, .verified, at: .day(1))
        #expect(throws: LostRun.self) {
            try begun.store.finish(run, Sample.report(backup, .failed, at: .day(2)))
        }
        #expect(throws: LostRun.self) {
            try begun.store.finish(RunID(run.rawValue + 1), Sample.report(backup, .failed, at: .day(2)))
        }
        #expect(try begun.store.report(run)?.conclusion.verdict == .verified)
        #expect(try begun.facts().runs == [.verified: 1])
    }

    @Test(arguments: StoreImplementation.allCases)
    func theNewestRunsComeFirst(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let runs = try (1...4).map { try begun.run(Sample.backup($0), .verified, at: .day($0, hour: 4)) }
        // Set back by an hour between the last two.
        let last = try begun.run(Sample.backup(9), .failed, at: .day(4, hour: 3))
        try begun.run(Sample.backup(1), Sample.report(Sample.backup(1), .failed, at: .day(5)), of: "other")
        let summaries = try begun.store.runs(of: "shop", limit: 3)
        #expect(summaries.map(\.id) == [last, runs[3], runs[2]])
        let newest = try #require(summaries.first)
        #expect(newest.database == "shop")
        #expect(newest.backup == Sample.backup(9).identity)
        #expect(newest.dataAsOf == .day(9, hour: 2))
        #expect(newest.verdict == .failed && newest.message == "it is failed")
        #expect(newest.finishedAt == .day(4, hour: 3))
        #expect(try begun.store.runs(of: "nobody", limit: 3) == [])
    }

    @Test(arguments: StoreImplementation.allCases)
    func eachBackupHasItsLastRun(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let (one, two) = (Sample.backup(1), Sample.backup(2))
        try begun.run(one, .verified, at: .day(2))
        let second = try begun.run(one, .failed, at: .day(3))
        // The same path written again is another backup.
        let again = Sample.backup(1, bytes: 1001)
        let third = try begun.run(again, .verified, at: .day(4))
        let fourth = try begun.run(two, .inconclusive, at: .day(5))
        _ = try begun.store.begin("shop", backup: two.identity, at: .day(6))
        #expect(
            try begun.store.lastRuns(of: "shop").mapValues(\.id)
                == [one.identity: second, again.identity: third, two.identity: fourth])
    }

    @Test(arguments: StoreImplementation.allCases)
    func aRunThatACrashCutOffIsInconclusive(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let backup = Sample.backup(1)
        try begun.store.noteBackups("shop", [backup], at: .day(1))
        let done = try begun.run(Sample.backup(0), .verified, at: .day(1))
        let run = try begun.store.begin("shop", backup: backup.identity, at: .day(2))
        try begun.reopen()
        #expect(try begun.store.interruptUnfinished(at: .day(3)) == [run])
        #expect(try begun.store.interruptUnfinished(at: .day(4)) == [])
        let report = try #require(try begun.store.report(run))
        #expect(report.conclusion.verdict == .inconclusive)
        #expect(report.conclusion.reason == .interrupted)
        #expect(!report.conclusion.message.isEmpty && report.conclusion.hint != nil)
        #expect(report.database == "shop")
        #expect(report.backup.location == "/var/backups" && report.backup.name == "shop-1.sql.gz")
        #expect(report.backup.time.asOf == .day(1, hour: 2))
        #expect(report.startedAt == .day(2) && report.finishedAt == .day(3))
        let facts = try begun.facts([backup])
        #expect(facts.status == .inconclusive && facts.statusSince == .day(3))
        #expect(facts.runs == [.verified: 1, .inconclusive: 1])
        #expect(facts.lastRun == .day(3) && facts.lastSuccess == .day(1))
        #expect(try begun.store.report(done)?.conclusion.verdict == .verified)
    }

    /// Pages of the runs of many databases are one question each, and lose none and tell none twice.
    @Test(arguments: StoreImplementation.allCases, [1, 2, 3, 100])
    func runsOfManyComeInPages(_ implementation: StoreImplementation, size: Int) throws {
        let begun = try implementation.begun()
        var runs: [String: [RunID]] = [:]
        for day in 1...9 {
            let name = ["shop", "app", "other's \"one\"\n"][day % 3]
            let backup = Sample.backup(day)
            runs[name, default: []].append(
                try begun.run(backup, Sample.report(backup, .verified, at: .day(day)), of: name))
        }
        _ = try begun.store.begin("shop", backup: Sample.backup(20).identity, at: .day(20))
        let names = Array(runs.keys)
        for wanted in [names, Array(names.prefix(2)), Array(names.prefix(1)), ["none", names[0]], ["none"], []] {
            var pages: [RunID] = []
            var next: RunID?
            repeat {
                let page = try begun.store.runs(of: wanted, kind: nil, before: next, limit: size).map(\.id)
                #expect(page.count <= size)
                pages += page
                next = page.last
            } while next != nil
            #expect(pages == wanted.flatMap { runs[$0] ?? [] }.sorted(by: >))
        }
    }

    @Test(arguments: StoreImplementation.allCases)
    func runsOfManyThreadsDoNotMix(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let store = begun.store
        let faults = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            let name = "database-\(thread)"
            let backup = Sample.backup(thread)
            do {
                for turn in 1...10 {
                    let run = try store.begin(name, backup: backup.identity, at: .day(turn))
                    try store.finish(run, Sample.report(backup, .verified, at: .day(turn)))
                    try store.note(ProductionSample(takenAt: .day(turn), epoch: "e", tables: []), of: name)
                    let facts = try store.verificationFacts(of: name, present: [backup.identity])
                    guard facts.runs == [.verified: UInt64(turn)], facts.recent.first?.id == run else {
                        return faults.withLock { $0.append("\(name), \(turn): \(facts)") }
                    }
                }
            } catch {
                faults.withLock { $0.append("\(name): \(error)") }
            }
        }
        #expect(faults.withLock { $0 } == [])
        #expect(try store.databases().count == 4)
    }
}
