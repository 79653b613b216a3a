import Backups
import Testing

@testable import Web

/// What the pages and the API say of drills, beside the same without.
@Suite struct DrillPageTests {
    private static let well = #"<b class="tone">Would come back</b>"#

    private static func shop(_ drill: DrillRecord?) -> DatabaseFacts {
        var database = SampleFleet.well("shop")
        database.drill = drill
        return database
    }

    private func page(_ drill: DrillRecord?, _ runs: [RunSummary] = [], drills: [RunSummary] = []) -> String {
        let database = Self.shop(drill)
        return DatabasePage(
            facts: FleetFacts(databases: [database]), database: database, runs: runs, drills: drills,
            now: SampleFleet.now
        ).text
    }

    private func concerns(_ drill: DrillRecord?, suspended: Bool = false) -> [String] {
        var database = Self.shop(drill)
        database.isSuspended = suspended
        return Standing(database, now: SampleFleet.now).concerns.map(\.code)
    }

    @Test func theLastOneIsShown() {
        #expect(!page(nil).contains("<h2>Drills</h2>"))
        let text = page(SampleFleet.drill(.verified))
        for part in [
            "<h2>Drills</h2>", "<dt>Recover to</dt><dd>random</dd>", "2026-11-19T02:00:07Z", "0/D00330, timeline 1",
            "recovered to &lt;b&gt;it&lt;/b&gt;", "base-1", "/verifications/700", "4.0 MiB in", "missed",
        ] { #expect(text.contains(part), "\(part)") }
        #expect(text.contains(Self.well))
    }

    /// Beside what is told of verifications, for every database.
    @Test func theStatusPageTellsTheNextOne() {
        func page(_ drill: DrillRecord?) -> String {
            StatusPage(facts: FleetFacts(databases: [Self.shop(drill)]), now: SampleFleet.now).text
        }
        #expect(!page(nil).contains("Next drill"))
        var drill = SampleFleet.drill(.verified)
        #expect(
            page(drill).contains("Last verified drill") && page(drill).contains("recovered to 2026-11-19T02:00:07Z"))
        drill.isRunning = true
        #expect(page(drill).contains("<dt>Next drill</dt><dd>running now</dd>"))
        (drill.isRunning, drill.hindrance) = (false, .otherTurn(isDrill: false))
        #expect(page(drill).contains("it waits: a verification of it runs"))
    }

    /// A drill of a backup is no verification of it, and its time no restore time.
    @Test func itsRunsHaveATableOfTheirOwn() {
        let backup = SampleFleet.nights("shop")[13]
        var drill = SampleFleet.run(700, "shop", backup, .failed, hoursAgo: 3, message: "a segment is missing")
        drill.target = "latest"
        let text = page(SampleFleet.drill(.failed), drills: [drill])
        #expect(text.contains("There was none yet.") && text.contains("a segment is missing"))
        let plain = SampleFleet.run(701, "shop", backup, .failed, hoursAgo: 3, message: "a segment is missing")
        #expect(!page(SampleFleet.drill(.failed), [plain]).contains("There was none yet."))
    }

    @Test func aFailedOneIsAsLoudAsAFailedBackup() {
        #expect(concerns(nil) == [] && concerns(SampleFleet.drill(.verified)) == [])
        #expect(concerns(SampleFleet.drill(.failed)) == ["drill-failed"])
        #expect(concerns(SampleFleet.drill(.inconclusive)) == ["drill-inconclusive"])
        let standing = Standing(Self.shop(SampleFleet.drill(.failed)), now: SampleFleet.now)
        #expect(standing.level == .failed && standing.concerns[0].run == RunID(700))
        #expect(!page(SampleFleet.drill(.failed)).contains(Self.well))
    }

    /// Two intervals, as the alert has it.
    @Test(arguments: [(47, []), (49, ["drill-stale"])] as [(Double, [String])])
    func oneThatIsTooOldIsTold(hours: Double, codes: [String]) {
        var drill = SampleFleet.drill(.verified)
        drill.lastSuccess = SampleFleet.hoursAgo(hours)
        #expect(concerns(drill) == codes)
        #expect(concerns(drill, suspended: true) == ["suspended"])
        var never = DrillRecord()
        (never.since, never.every) = (SampleFleet.hoursAgo(hours), .seconds(86_400))
        #expect(concerns(never) == codes + ["never-drilled"])
    }

    @Test func theAPIHasIt() {
        let json = DatabaseJSON(Self.shop(SampleFleet.drill(.failed)), now: SampleFleet.now).value.text
        for member in [
            #""drill":{"target":"random","status":"failed""#, #""base":"base-1""#, #""reason":"wal-gap""#,
            #""recovery_seconds":95"#, #""rto_met":false"#,
        ] { #expect(json.contains(member), "\(member) is not in \(json)") }
        #expect(DatabaseJSON(Self.shop(nil), now: SampleFleet.now).value.text.contains(#""drill":null"#))
    }
}
