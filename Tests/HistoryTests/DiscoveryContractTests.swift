import Backups
import Testing

/// What any store promises of databases that an entry found, and of requests to forget them.
@Suite struct DiscoveryContractTests {
    @Test(arguments: StoreImplementation.allCases)
    func whatWasDiscoveredIsKnownAfterARestart(_ implementation: StoreImplementation) throws {
        var begun = try implementation.begun()
        let names = ["shop", "a'b\"c\\d", String(repeating: "é", count: 300), "..", "{database}"]
        let since = try begun.store.noteDiscovered(names, by: "{database}", at: .day(1))
        #expect(since == Dictionary(uniqueKeysWithValues: names.map { ($0, .day(1)) }))
        #expect(try begun.store.monitoredSince("plain", now: .day(2)) == .day(2))
        // Found again, it is no newer; found by another entry, it is that one's.
        #expect(try begun.store.noteDiscovered(["shop", "new"], by: "eu-{database}", at: .day(3))["shop"] == .day(1))
        try begun.reopen()
        let known = try begun.store.discovered()
        #expect(Set(known.map(\.name)) == Set(names + ["new"]))
        #expect(
            known.filter { $0.entry == "eu-{database}" } == [
                DiscoveredDatabase(name: "new", entry: "eu-{database}", monitoredSince: .day(3)),
                DiscoveredDatabase(name: "shop", entry: "eu-{database}", monitoredSince: .day(1)),
            ])
        // One with a name of its own is not discovered, and keeps its past.
        try begun.store.noteDiscovered(["shop"], by: nil, at: .day(4))
        #expect(try !begun.store.discovered().map(\.name).contains("shop"))
        #expect(try begun.store.monitoredSince("shop", now: .day(5)) == .day(1))
        try begun.store.forget("new")
        #expect(try !begun.store.discovered().map(\.name).contains("new"))
    }

    @Test(arguments: StoreImplementation.allCases)
    func nobodyAsksAtFirst(_ implementation: StoreImplementation) throws {
        let begun = try implementation.begun()
        #expect(try begun.store.forgetRequests() == [])
        try begun.store.refuseToForget("shop", "nobody asked")
        #expect(try begun.store.forgetRequests() == [])
    }
}
