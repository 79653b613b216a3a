import Backups
import Testing

/// What any store promises of databases, backups, samples, and of forgetting.
@Suite struct KeepingContractTests {
    @Test(arguments: StoreImplementation.allCases)
    func monitoringBeginsOnce(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        #expect(try begun.store.monitoredSince("shop", now: .day(1)) == .day(1))
        #expect(try begun.store.monitoredSince("shop", now: .day(2)) == .day(1))
        try begun.reopen()
        #expect(try begun.store.monitoredSince("shop", now: .day(3)) == .day(1))
        #expect(try begun.store.monitoredSince("app", now: .day(3)) == .day(3))
        #expect(try begun.store.databases() == ["app", "shop"])
    }

    @Test(arguments: StoreImplementation.allCases)
    func backupsAreKeptOnce(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let backups = [3, 1, 2].map { Sample.backup($0, bytes: UInt64($0)) }
        try begun.store.noteBackups("shop", backups, at: .day(3))
        try begun.store.noteBackups("shop", Array(backups.prefix(2)), at: .day(4))
        // A manifest that came later tells the time of the data; a file that was written again is another backup.
        let untimed = Sample.backup(4, hasTime: false)
        try begun.store.noteBackups("shop", [untimed], at: .day(5))
        try begun.store.noteBackups("shop", [Sample.backup(4), Sample.backup(2, bytes: 7)], at: .day(6))
        try begun.reopen()
        let known = try begun.store.knownBackups(of: "shop", limit: 100)
        #expect(known.map(\.identity.sizeBytes) == [1, 2, 7, 3, 1000])
        #expect(known.last == Sample.backup(4))
        #expect(try begun.store.knownBackups(of: "shop", limit: 2) == Array(known.suffix(2)))
        #expect(try begun.store.knownBackups(of: "nobody", limit: 2) == [])
        // Those that were there at the last look, and no others.
        #expect(try begun.store.presentBackups(of: "shop") == [Sample.backup(2, bytes: 7), Sample.backup(4)])
        try begun.reopen()
        #expect(try begun.store.presentBackups(of: "shop") == [Sample.backup(2, bytes: 7), Sample.backup(4)])
        try begun.store.noteBackups("shop", [], at: .day(7))
        #expect(try begun.store.presentBackups(of: "shop") == [])
        try begun.store.noteBackups("shop", [Sample.backup(4)], at: .day(8))
        #expect(try begun.store.presentBackups(of: "shop") == [Sample.backup(4)])
        #expect(try begun.store.presentBackups(of: "nobody") == [])
    }

    @Test(arguments: StoreImplementation.allCases)
    func aBackupThatNoCatalogSawIsNoneOfItsTrend(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        try begun.run(Sample.backup(1), .verified, at: .day(2))
        #expect(try begun.store.knownBackups(of: "shop", limit: 10) == [])
    }

    @Test(arguments: StoreImplementation.allCases)
    func samplesComeBackEqual(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let table = TableCounters(
            schema: "public", name: "users\u{0}\"", oid: .max, relfilenode: 0, inserted: .max, updated: 128,
            deleted: 127,
            liveRows: UInt64(Int64.max) + 1, definition: .max - 1)
        var other = table
        other.name = "orders"
        let samples = [
            ProductionSample(takenAt: .day(1), epoch: "a", tables: [table, other]),
            ProductionSample(takenAt: .day(2), epoch: "a", tables: [table, other]),
            ProductionSample(takenAt: .day(3), epoch: "b", tables: [table, other]),
            ProductionSample(takenAt: .day(4), epoch: "b", tables: [other]),
            ProductionSample(takenAt: .day(4, hour: 1), epoch: "b", circumstances: "c", tables: [other]),
            ProductionSample(takenAt: .day(5), epoch: "b", tables: []),
        ]
        // In an order that the clock may make.
        for index in [1, 0, 2, 3, 4, 5] { try begun.store.noteOfKnown(samples[index], of: "shop") }
        try begun.store.noteOfKnown(samples[0], of: "other")
        try begun.reopen()
        #expect(try begun.store.samples(of: "shop", from: .day(0)) == samples)
        #expect(try begun.store.samples(of: "shop", from: .day(3)) == Array(samples.suffix(4)))
        #expect(try begun.store.samples(of: "shop", spanning: .day(2, hour: 5)) == Array(samples.suffix(5)))
        #expect(try begun.store.samples(of: "shop", spanning: .day(2)) == Array(samples.suffix(5)))
        #expect(try begun.store.samples(of: "shop", spanning: .day(0)) == samples)
        #expect(try begun.store.samples(of: "shop", spanning: .day(9)) == [samples[5]])
        #expect(try begun.store.samples(of: "nobody", spanning: .day(9)) == [])
        #expect(try begun.store.samples(of: "nobody", from: .day(0)) == [])
    }

    @Test(arguments: StoreImplementation.allCases)
    func olderSamplesGrowSparse(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        for day in 1...3 {
            for hour in [0, 1, 23] {
                let sample = ProductionSample(takenAt: .day(day, hour: hour), epoch: "\(day) \(hour)", tables: [])
                try begun.store.noteOfKnown(sample, of: "shop")
            }
        }
        try begun.store.noteOfKnown(ProductionSample(takenAt: .day(1), epoch: "o", tables: []), of: "other")
        try begun.store.thinSamples(before: .day(3), to: .seconds(86_400))
        try begun.reopen()
        #expect(
            try begun.store.samples(of: "shop", from: .day(0)).map(\.epoch) == ["1 23", "2 23", "3 0", "3 1", "3 23"])
        #expect(try begun.store.samples(of: "other", from: .day(0)).map(\.epoch) == ["o"])
        // Again it changes nothing.
        try begun.store.thinSamples(before: .day(3), to: .seconds(86_400))
        #expect(try begun.store.samples(of: "shop", from: .day(0)).count == 5)
    }

    @Test(arguments: StoreImplementation.allCases)
    func whatIsForgottenIsGone(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let backup = Sample.backup(1)
        for name in ["shop", "other"] {
            _ = try begun.store.monitoredSince(name, now: .day(1))
            try begun.store.noteBackups(name, [backup], at: .day(1))
            try begun.store.note(ProductionSample(takenAt: .day(1), epoch: "a", tables: []), of: name)
        }
        let gone = try begun.run(backup, .verified, at: .day(2))
        let running = try begun.store.begin("shop", backup: backup.identity, at: .day(3))
        let kept = try begun.run(backup, Sample.filled(), of: "other")
        try begun.store.forget("shop")
        try begun.store.forget("nobody")
        #expect(try begun.store.databases() == ["other"])
        #expect(try begun.store.report(gone) == nil)
        #expect(try begun.facts([backup]) == VerificationFacts())
        #expect(try begun.store.knownBackups(of: "shop", limit: 9) == [])
        #expect(try begun.store.samples(of: "shop", from: .day(0)) == [])
        #expect(try begun.store.report(kept) == Sample.filled())
        #expect(try begun.store.samples(of: "other", from: .day(0)).count == 1)
        // Its run comes to an end after it was forgotten.
        #expect(throws: LostRun.self) {
            try begun.store.finish(running, Sample.report(backup, .verified, at: .day(4)))
        }
        #expect(try begun.store.monitoredSince("shop", now: .day(9)) == .day(9))
    }

    /// Production was asked before its database was forgotten, and answered after: that brings nothing back.
    @Test(arguments: StoreImplementation.allCases)
    func aSampleThatComesLateBringsNothingBack(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let sample = ProductionSample(takenAt: .day(1), epoch: "a", tables: [])
        _ = try begun.store.monitoredSince("shop", now: .day(1))
        try begun.store.note(sample, of: "shop")
        #expect(try begun.store.samples(of: "shop", from: .day(0)) == [sample])
        try begun.store.forget("shop")
        try begun.store.note(sample, of: "shop")
        #expect(try begun.store.databases() == [])
        _ = try begun.store.monitoredSince("shop", now: .day(2))
        #expect(try begun.store.samples(of: "shop", from: .day(0)) == [])
    }

    /// Counters that did not change are read once, and a visit ends when it has seen enough.
    @Test(arguments: StoreImplementation.allCases)
    func samplesInARowShareTheirTables(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        func tables(_ inserted: UInt64) -> [TableCounters] {
            ["a", "b"].map {
                TableCounters(
                    schema: "s", name: $0, oid: 1, relfilenode: 1, inserted: inserted, updated: 0, deleted: 0,
                    liveRows: 0)
            }
        }
        for hour in 0..<24 {
            let sample = ProductionSample(
                takenAt: .day(1, hour: hour), epoch: "e", circumstances: "c", tables: tables(hour < 12 ? 1 : 2))
            try begun.store.noteOfKnown(sample, of: "shop")
        }
        // Held all at once, so that no storage is used again.
        let samples = try begun.store.samples(of: "shop", from: .day(1))
        let storages = samples.map { $0.tables.withUnsafeBufferPointer { $0.baseAddress } }
        #expect(samples.count == 24 && Set(storages).count == 2)
        #expect(
            samples.map { $0.tables[1].inserted } == Array(repeating: 1, count: 12) + Array(repeating: 2, count: 12))
        var seen = 0
        try begun.store.visitSamples(of: "shop", spanning: .day(1)) { _ in
            seen += 1
            return seen < 3
        }
        #expect(seen == 3)
    }

    @Test(arguments: StoreImplementation.allCases)
    func numbersOfRunsAreNeverUsedAgain(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let first = try begun.run(Sample.backup(1), .verified, at: .day(2))
        try begun.store.forget("shop")
        #expect(try begun.run(Sample.backup(1), .verified, at: .day(2)) > first)
    }

    @Test(arguments: StoreImplementation.allCases)
    func removingOldRunsChangesNoFact(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let (one, two) = (Sample.backup(1), Sample.backup(2))
        try begun.store.noteBackups("shop", [one, two], at: .day(1))
        let restore = RestoreFacts(seconds: 2, profile: .fast, bytes: 7)
        let check = Check.failed("rows", in: .rows, .rowsDiffer, "other rows")
        let old = try begun.run(one, .verified, at: .day(1))
        let success = try begun.run(one, Sample.report(one, .verified, restore: restore, at: .day(2)))
        let judged = try begun.run(
            two,
            Sample.report(
                two, .failed, checks: [check], tables: [Sample.table("a", dump: 1, restored: 2, proof: .none)],
                at: .day(3)))
        let middle = try begun.run(one, .inconclusive, at: .day(4))
        let lastOfOne = try begun.run(one, .inconclusive, at: .day(5))
        let lastOfTwo = try begun.run(two, .inconclusive, at: .day(6))
        let unfinished = try begun.store.begin("shop", backup: two.identity, at: .day(7))
        for day in 1...20 {
            try begun.store.note(ProductionSample(takenAt: .day(day), epoch: "e", tables: []), of: "shop")
        }
        let before = try begun.facts([one, two])
        try begun.store.removeOlder(than: .day(10))
        try begun.reopen()
        var after = try begun.facts([one, two])
        #expect(after.recent.map(\.id) == [lastOfTwo, lastOfOne, judged, success])
        after.recent = before.recent
        #expect(after == before)
        #expect(after.runs == [.verified: 2, .failed: 1, .inconclusive: 3])
        #expect(after.lastSuccess == .day(2) && after.checks == ["rows": false] && after.restored?.bytes == 7)
        #expect(try begun.store.report(old) == nil)
        #expect(try begun.store.report(middle) == nil)
        #expect(try begun.store.report(judged)?.checks == [check])
        #expect(
            try begun.store.lastRuns(of: "shop").mapValues(\.id) == [one.identity: lastOfOne, two.identity: lastOfTwo])
        #expect(try begun.store.samples(of: "shop", from: .day(0)).first?.takenAt == .day(10))
        #expect(try begun.store.interruptUnfinished(at: .day(8)) == [unfinished])
    }

    /// A verification of each backup, and each backup gone after a while: the history does not grow for ever.
    @Test(arguments: StoreImplementation.allCases)
    func backupsThatAreGoneAreForgotten(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let backups = (1...20).map { Sample.backup($0) }
        var runs: [RunID] = []
        for (index, backup) in backups.enumerated() {
            try begun.store.noteBackups("shop", Array(backups[max(0, index - 2)...index]), at: .day(index + 1))
            runs.append(try begun.run(backup, .verified, at: .day(index + 1)))
        }
        try begun.store.noteBackups("shop", [backups[0], backups[18]], at: .day(21))
        let before = try begun.facts([backups[0], backups[18]])
        try begun.store.removeOlder(than: .day(15))
        // What is still there keeps its last run however old that is.
        #expect(try begun.store.lastRuns(of: "shop").values.map(\.id).sorted() == [runs[0]] + runs[14...])
        #expect(try begun.store.knownBackups(of: "shop", limit: 99).count == 7)
        try begun.store.removeOlder(than: .day(90))
        try begun.reopen()
        // And so does the one that was judged last, of which the status is.
        #expect(Set(try begun.store.lastRuns(of: "shop").values.map(\.id)) == [runs[0], runs[18], runs[19]])
        #expect(try begun.store.knownBackups(of: "shop", limit: 99).count == 3)
        var after = try begun.facts([backups[0], backups[18]])
        #expect(after.recent.count == 3)
        after.recent = before.recent
        #expect(after == before)
        #expect(after.runs == [.verified: 20])
    }

    @Test(arguments: StoreImplementation.allCases)
    func recentRunsStay(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        let runs = try (1...3).map { try begun.run(Sample.backup(1), .verified, at: .day($0)) }
        try begun.store.removeOlder(than: .day(2))
        #expect(try begun.store.runs(of: "shop", limit: 9).map(\.id) == [runs[2], runs[1]])
    }
}
