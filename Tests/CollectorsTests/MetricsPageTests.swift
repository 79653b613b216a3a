import Backups
import Exposition
import Foundation
import Testing

@testable import Collectors

@Suite struct MetricsPageTests {
    @Test(arguments: [(ExpositionFormat.text, "fleet.txt"), (.openMetrics, "fleet.openmetrics")])
    func isTheGoldenFile(format: ExpositionFormat, file: String) throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(file)")
        #expect(Page(SampleFleet.facts).text(format) == (try String(contentsOf: path, encoding: .utf8)))
    }

    @Test func everyFamilyAndEverySeriesIsThereOnce() {
        let families = Page(SampleFleet.facts).families
        #expect(Set(families.map(\.name)).count == families.count)
        for family in families {
            #expect(Set(family.samples.map { Set($0.labels) }).count == family.samples.count, "\(family.name)")
        }
    }

    /// The endings that the type and the unit ask for: without them OpenMetrics would not say either.
    @Test func everyFamilyIsNamedForItsTypeAndUnit() {
        for family in Page(SampleFleet.facts).families {
            #expect(family.name.wholeMatch(of: /[a-z_]+/) != nil, "\(family.name)")
            #expect(family.name.hasSuffix("_total") == (family.type == .counter), "\(family.name)")
            #expect(family.name.hasSuffix("_info") == (family.type == .info), "\(family.name)")
            let unit = ["bytes_per_second", "seconds", "bytes"].first { family.name.hasSuffix("_\($0)") }
            #expect(family.unit?.rawValue == unit, "\(family.name)")
            #expect(family.help.hasSuffix("."), "\(family.name)")
        }
    }

    @Test func theOrderOfTheFactsDoesNotShow() {
        var facts = SampleFleet.facts
        let page = Page(facts).text(.openMetrics)
        facts = FleetFacts(
            program: facts.program, configuration: facts.configuration,
            collectors: Dictionary(uniqueKeysWithValues: facts.collectors.reversed()),
            databases: facts.databases.reversed())
        #expect(Page(facts).text(.openMetrics) == page)
    }

    @Test func withoutDatabasesTheProgramSpeaksForItself() {
        #expect(
            Page(FleetFacts()).names == ["restorable_build_info", "restorable_config_last_reload_successful"])
    }

    @Test func aBadConfigurationShows() {
        let loaded = Timestamp(seconds: 1_795_000_000)
        let bad = ConfigurationFacts(isLastReloadSuccessful: false, loadedAt: loaded, problem: "line 3")
        let page = Page(FleetFacts(configuration: bad))
        #expect(page["restorable_config_last_reload_successful"] == ["": 0])
        #expect(page["restorable_config_last_reload_success_timestamp_seconds"] == ["": 1_795_000_000])
    }

    @Test func aHistoryThatWasSetAsideShows() {
        let setAside = HistoryFacts.SetAside(path: "/h", at: Timestamp(seconds: 1_795_000_000))
        let name = "restorable_history_set_aside_timestamp_seconds"
        #expect(Page(FleetFacts(history: HistoryFacts(setAside: setAside)))[name] == ["": 1_795_000_000])
        #expect(!Page(FleetFacts()).names.contains(name))
    }

    @Test func aDatabaseIsInfo() {
        let info = Page(SampleFleet.facts).families.first { $0.name == "backup_info" }
        #expect(
            info?.samples.map(\.labels).last == [
                Label("database", "shop"), Label("engine", "postgresql"), Label("kind", "logical"),
            ])
    }

    @Test func whatWasJustConfiguredHasOnlyWhatIsKnownInAdvance() {
        let names: Set<String> = Page(SampleFleet.new).names.filter { !$0.hasPrefix("restorable_") }
        #expect(
            names == [
                "backup_info", "backup_monitored_since_timestamp_seconds", "backup_suspended",
                "backup_verification_status", "backup_verification_proof", "backup_known_bad_backups",
                "backup_verification_runs_total", "backup_verification_in_progress",
            ])
    }

    @Test func aOneShotRunCountsNothing() {
        let families = MetricsPage.oneShotFamilies(SampleFleet.facts)
        #expect(families.contains { $0.name == "backup_verification_status" && $0.samples.count == 12 })
        #expect(families.allSatisfy { $0.name.hasPrefix("backup_") && !$0.name.hasSuffix("_total") })
    }
}
