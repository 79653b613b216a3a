import Backups
import TestSupport
import Testing

/// 24 simulated hours of the whole daemon, judged by Prometheus' own tool under the rules as they are shipped.
@Suite struct SimulatedDayTests {
    @Test func aHealthyDayIsSilent() throws {
        let day = try SimulatedDay()
        try day.run(hours: 24)
        try day.expect(SimulatedDay.Expected())
        let begun = day.runs.begun
        // Each backup once: those of the day, and the newest of the evening before.
        let shop = begun.filter { $0.key.hasPrefix("shop-") }
        #expect(shop.count == 25 && shop.values.allSatisfy { $0 == 1 }, "\(shop)")
        // The turn at half past two, which this night does not have, and one older backup with it.
        #expect(begun.filter { $0.key.hasPrefix("ledger-") }.count == 2, "\(begun)")
        #expect(day.runs.mostAtOnce == 1)
        let facts = try #require(day.daemon?.facts(of: "shop"))
        #expect(facts.verification.runs == [.verified: 25])
        #expect(facts.catalog?.backups.count == 20)
        // Backups of one size are no alarm where nobody writes, and writing is none where sizes differ.
        #expect(facts.catalog?.hasProductionChanged == true)
        let idle = try #require(day.daemon?.facts(of: "idle")?.catalog)
        #expect(idle.hasProductionChanged == false && idle.identicalSizes >= 3)
        // An idle server archived nothing for days, and does not lag.
        #expect(day.daemon?.facts(of: "idle")?.production?.archiving?.lagSeconds == 0)
    }

    @Test(arguments: SimulatedIncident.all) func theRightAlarmAndOnlyIt(_ incident: SimulatedIncident) throws {
        let day = try SimulatedDay(shop: incident.shop)
        try day.run(hours: incident.hours, incident.actions)
        try day.expect(incident.expected)
        #expect(day.runs.mostAtOnce == 1)
    }

    @Test(.enabled(if: SmallFileSystem.isAllowed)) func aFullHistoryIsSaidAndLosesNothing() throws {
        let disk = try SmallFileSystem(bytes: 8 << 20)
        let day = try SimulatedDay(history: disk.path + "/history.sqlite", hasProduction: false)
        try day.run(hours: 24, [6 * 60: { _ in disk.fill() }, 9 * 60: { _ in disk.makeSpace() }])
        let alert: Set = ["RestorableHistoryFailing"]
        let expected = SimulatedDay.Expected(firing: [(6 * 60, []), (8 * 60, alert), (11 * 60, [])], ever: alert)
        try day.expect(expected)
        #expect(day.runs.begun.values.allSatisfy { $0 == 1 })
        // The next life knows all of it.
        let before = day.daemon?.facts(of: "shop")?.verification.runs
        #expect(before == [.verified: 25])
        day.killDaemon()
        try day.startDaemon()
        #expect(day.daemon?.facts(of: "shop")?.verification.runs == before)
        #expect(day.daemon?.interrupted == 0)
    }

    @Test func whatTheRulesWouldSayIsReallyAsked() throws {
        let day = try SimulatedDay()
        try day.run(hours: 1)
        let answer = try day.check(SimulatedDay.Expected(firing: [(50, ["BackupMissing shop"])]))
        #expect(answer?.contains("BackupMissing") == true)
    }
}
