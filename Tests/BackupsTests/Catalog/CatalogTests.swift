import Backups
import Testing

@Suite struct CatalogTests {
    private static let start = Timestamp(seconds: 1_795_000_000)

    private func after(_ seconds: Int64) -> Timestamp { Timestamp(seconds: Self.start.seconds + seconds) }

    private func candidate(
        _ name: String, size: UInt64 = 10, age: Int64, hasManifest: Bool = false, of now: Timestamp = start
    ) -> Catalog.Candidate {
        let identity = BackupIdentity(
            path: "/b/\(name)", sizeBytes: size, modified: Timestamp(seconds: now.seconds - age))
        return Catalog.Candidate(entry: LocationEntry(path: name, identity: identity, hasManifest: hasManifest))
    }

    @Test func anOldFileIsCompleteAtOnceAndAYoungOneWhenItHeldStill() {
        var catalog = Catalog()
        let young = candidate("young", age: 5)
        catalog.see([candidate("old", age: 60), young], at: Self.start)
        #expect(catalog.facts.backups.map(\.identity.name) == ["old"])
        #expect(catalog.facts.inProgress == 1)
        #expect(catalog.nextChange == after(60))
        catalog.see([young], at: after(59))
        #expect(catalog.facts.backups.isEmpty)
        catalog.see([young], at: after(60))
        #expect(catalog.facts.backups.map(\.identity.name) == ["young"])
        #expect(catalog.nextChange == nil)
    }

    @Test func whatGrowsIsInProgressUntilItStops() {
        var catalog = Catalog()
        for second in stride(from: Int64(0), through: 300, by: 30) {
            let growing = candidate("a", size: UInt64(second), age: 0, of: after(second))
            catalog.see([growing], at: after(second))
            #expect(catalog.facts.backups.isEmpty)
        }
        let last = candidate("a", size: 300, age: 0, of: after(300))
        catalog.see([last], at: after(360))
        #expect(catalog.facts.backups.map(\.identity.sizeBytes) == [300])
        // Written to once more, it is another backup, and in progress.
        catalog.see([candidate("a", size: 301, age: 0, of: after(400))], at: after(401))
        #expect(catalog.facts.backups.isEmpty)
        #expect(catalog.facts.inProgress == 1)
    }

    /// A listing that takes long sees each file at some moment of it: a minute has passed for certain, or it has not.
    @Test func aLongListingMakesNothingComplete() {
        let young = candidate("a", age: 5)
        var catalog = Catalog()
        catalog.see([young], at: Self.start, until: after(150))
        catalog.see([young], at: after(151), until: after(300))
        #expect(catalog.facts.inProgress == 1)
        catalog.see([young], at: after(209), until: after(400))
        #expect(catalog.facts.inProgress == 1)
        catalog.see([young], at: after(210), until: after(400))
        #expect(catalog.facts.backups.count == 1)
        // Nor is what was written to while it was listed old when it ended.
        var other = Catalog()
        other.see([young], at: Self.start, until: after(150))
        #expect(other.facts.backups.isEmpty)
    }

    @Test func aManifestSaysThatItIsComplete() {
        var catalog = Catalog()
        catalog.see([candidate("a", age: 0, hasManifest: true)], at: Self.start)
        #expect(catalog.facts.backups.count == 1)
    }

    @Test func aFileFromTheFutureMustHoldStill() {
        var catalog = Catalog()
        let future = candidate("a", age: -3600)
        catalog.see([future], at: Self.start)
        #expect(catalog.facts.backups.isEmpty)
        catalog.see([future], at: after(61))
        #expect(catalog.facts.backups.count == 1)
    }

    /// A file server whose clock is five minutes behind: what is written to this very moment looks old.
    @Test func whatGrowsUnderAClockThatIsBehindIsInProgress() {
        var catalog = Catalog()
        for second in stride(from: Int64(0), through: 300, by: 50) {
            let growing = candidate("a", size: UInt64(second), age: 300, of: after(second))
            let earlier = candidate("b", age: 400, of: Self.start)
            let clock = LocationClock.foreign(atLeast: growing.entry.identity.modified)
            catalog.see([growing, earlier], by: clock, at: after(second))
            // By the server's own clock the other one is older than that.
            #expect(catalog.facts.backups.map(\.identity.name) == ["b"])
            #expect(catalog.facts.inProgress == 1)
        }
        let last = candidate("a", size: 300, age: 300, of: after(300))
        catalog.see([last], by: .foreign(atLeast: last.entry.identity.modified), at: after(360))
        #expect(catalog.facts.backups.map(\.identity.sizeBytes) == [300])
    }

    @Test(
        arguments: [
            (LocationClock.own, 60, true), (.own, 59, false), (.own, -60, false), (.foreign(atLeast: nil), 3600, false),
            (.foreign(atLeast: nil), 86_400, true), (.foreign(atLeast: nil), 86_399, false),
            (.foreign(atLeast: Timestamp(seconds: 1_795_000_000 - 100)), 160, true),
            (.foreign(atLeast: Timestamp(seconds: 1_795_000_000 - 100)), 159, false),
            // Whatever there is from the future: this file was written to a moment ago by our clock.
            (.foreign(atLeast: Timestamp(seconds: 1_795_999_999)), 59, false),
        ] as [(LocationClock, Int64, Bool)])
    func theClockOfALocationTellsWhatIsOld(clock: LocationClock, age: Int64, isOld: Bool) {
        var catalog = Catalog()
        catalog.see([candidate("a", age: age)], by: clock, at: Self.start)
        #expect(catalog.facts.backups.count == (isOld ? 1 : 0))
        #expect(catalog.unfinished.count == (isOld ? 0 : 1))
    }

    @Test func aListingTellsItsClock() {
        let entries = [-50, 100, 700].map { candidate("a\($0)", age: Int64($0)).entry }
        #expect(LocationListing(entries: entries).clock(at: Self.start) == .own)
        let foreign = LocationListing(entries: entries, hasOwnTime: false)
        #expect(foreign.clock(at: Self.start) == .foreign(atLeast: after(-100)))
        #expect(LocationListing(hasOwnTime: false).clock(at: Self.start) == .foreign(atLeast: nil))
        // A store says what its clock shows: what is a minute old by that holds still, also the newest.
        let store = LocationListing(entries: entries, hasOwnTime: false, serverTime: after(-20))
        #expect(store.clock(at: Self.start) == .foreign(atLeast: after(-20)))
        var catalog = Catalog()
        catalog.see(
            [candidate("a", age: 80), candidate("b", age: 79)], by: store.clock(at: Self.start), at: Self.start)
        #expect(catalog.facts.backups.map(\.identity.name) == ["a"] && catalog.facts.inProgress == 1)
    }

    /// A file that a backup names and does not have may be on its way for six hours after the last change that was seen.
    @Test func partsMayArriveForHours() throws {
        func end(_ catalog: Catalog, at now: Int64) throws -> Timestamp? {
            try #require(catalog.facts.backups.first).partsMayArriveUntil(at: after(now))
        }
        var catalog = Catalog()
        // At the first look nobody knows more than the file says.
        catalog.see([candidate("a", age: 3600)], at: Self.start)
        #expect(try end(catalog, at: 0) == after(18_000) && end(catalog, at: 17_999) == after(18_000))
        #expect(try end(catalog, at: 18_000) == nil)
        // One that is copied with its old time comes while somebody watches.
        catalog.see([candidate("a", size: 11, age: 90_000)], at: after(100), until: after(110))
        catalog.see([candidate("a", size: 11, age: 90_000)], at: after(200))
        #expect(try end(catalog, at: 21_709) == after(21_710) && end(catalog, at: 21_710) == nil)
        // Each part that comes begins it anew.
        catalog.see([candidate("a", size: 12, age: 90_000)], at: after(20_000))
        #expect(try end(catalog, at: 41_599) == after(41_600))
        // After a restart what was known is as old as it says.
        let known = catalog.facts.backups.map { CatalogBackup(identity: $0.identity, completedAt: $0.completedAt) }
        var recalled = Catalog(recalling: known)
        recalled.see([candidate("a", size: 12, age: 90_000)], at: after(20_001))
        #expect(try end(recalled, at: 20_001) == nil)
        recalled.see([candidate("a", size: 13, age: 90_000)], at: after(20_002))
        #expect(try end(recalled, at: 20_003) == after(41_602))
        // A time that no clock shows holds no verdict back.
        #expect(candidate("a", age: -60).backup.partsMayArriveUntil(at: Self.start) == after(21_660))
        #expect(candidate("a", age: -86_400).backup.partsMayArriveUntil(at: Self.start) == nil)
    }

    /// Several paths that lead to one file.
    static let links: [(paths: [(String, isLink: Bool, hasManifest: Bool, hasTime: Bool)], kept: String)] = [
        ([("latest.sql", true, false, false), ("shop-1.sql", false, false, false)], "shop-1.sql"),
        ([("shop-1.sql", false, false, false), ("z-latest.sql", true, false, true)], "z-latest.sql"),
        ([("a.sql", false, false, false), ("b.sql", false, true, false)], "b.sql"),
        ([("b.sql", false, false, true), ("a.sql", false, false, false)], "b.sql"),
        ([("b.sql", false, false, false), ("a.sql", false, false, false)], "a.sql"),
    ]

    @Test(arguments: links.indices) func aFileOfManyPathsIsOne(index: Int) {
        let (paths, kept) = Self.links[index]
        let shared = paths.map { path, isLink, hasManifest, hasTime in
            var found = candidate(path, age: 100, hasManifest: hasManifest)
            found.entry.shared = SharedFile(number: 3, isLink: isLink)
            found.dataAsOf = hasTime ? Self.start : nil
            return found
        }
        let alone = candidate("alone.sql", age: 100)
        let distinct = ([alone] + shared).distinct
        #expect(distinct.map(\.entry.path) == ["alone.sql", kept])
        #expect([alone].distinct == [alone])
    }

    @Test func aLocationThatIsDownKeepsWhatWasKnown() {
        var catalog = Catalog()
        catalog.see([candidate("a", age: 100)], at: Self.start)
        catalog.fail("no such directory")
        #expect(catalog.facts.backups.count == 1)
        #expect(!catalog.facts.isLocationUp)
        #expect(catalog.facts.problem == "no such directory")
        catalog.see([], at: after(1))
        #expect(catalog.facts.backups.isEmpty)
        #expect(catalog.facts.isLocationUp)
    }

    @Test func backupsAreInTheOrderOfTheirData() {
        var catalog = Catalog()
        var first = candidate("written-last", age: 100)
        first.dataAsOf = after(-9000)
        var second = candidate("written-first", age: 5000)
        second.dataAsOf = after(-8000)
        catalog.see([second, first], at: Self.start)
        #expect(catalog.facts.backups.map(\.identity.name) == ["written-last", "written-first"])
        #expect(catalog.facts.newest?.dataAsOf == after(-8000))
    }

    @Test func aTimeOfCompletionThatIsKnownGoesBeforeTheFiles() {
        var catalog = Catalog()
        var named = candidate("named", age: 100)
        named.completedAt = after(-9000)
        catalog.see([candidate("file", age: 5000), named], at: Self.start)
        #expect(catalog.facts.backups.map(\.identity.name) == ["named", "file"])
        #expect(catalog.facts.backups.map(\.completedAt) == [after(-9000), after(-5000)])
        // Another meaning of the name, read anew from the configuration, holds at once.
        named.completedAt = nil
        catalog.see([named], at: after(1))
        #expect(catalog.facts.backups.map(\.completedAt) == [after(-100)])
    }
}
