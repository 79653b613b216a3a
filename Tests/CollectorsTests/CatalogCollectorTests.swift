import Backups
import Testing

@testable import Collectors

@Suite struct CatalogCollectorTests {
    private static let numbers = [
        "backup_catalog_backups", "backup_stored_bytes", "backup_identical_size_backups",
    ]

    @Test func showsTheNewestAndTheSum() {
        let page = Page(SampleFleet.shop)
        #expect(page["backup_catalog_backups"] == ["": 2])
        #expect(page["backup_stored_bytes"] == ["": 10_000_001])
        #expect(page["backup_size_bytes"] == ["": 5_000_001])
        #expect(page["backup_last_completed_timestamp_seconds"] == ["": 1_794_886_460])
        #expect(page["backup_data_timestamp_seconds"] == ["": 1_794_886_400])
        // Archived WAL brings one closer to now than the newest backup does.
        #expect(page["backup_recoverable_until_timestamp_seconds"] == ["": 1_794_999_500])
    }

    @Test func anEmptyLocationHasNoBackup() {
        var database = SampleFleet.new
        database.catalog = CatalogFacts()
        let page = Page(database)
        #expect(page["backup_location_up"] == ["": 1])
        for name in Self.numbers { #expect(page[name] == ["": 0], "\(name)") }
        #expect(page.names.isDisjoint(with: ["backup_size_bytes", "backup_last_completed_timestamp_seconds"]))
    }

    @Test func aLocationThatNeverAnsweredIsNotEmpty() {
        var database = SampleFleet.new
        database.catalog = CatalogFacts(isLocationUp: false, problem: "no such host")
        let page = Page(database)
        #expect(page["backup_location_up"] == ["": 0])
        #expect(page.names.isDisjoint(with: Self.numbers))
    }

    @Test func valuesStayWhileTheLocationIsDown() {
        var database = SampleFleet.shop
        database.catalog?.isLocationUp = false
        let (before, page) = (Page(SampleFleet.shop), Page(database))
        #expect(page["backup_location_up"] == ["": 0])
        #expect(page.names == before.names)
        for name in Self.numbers + ["backup_size_bytes"] { #expect(page[name] == before[name], "\(name)") }
    }

    @Test func theTimeOfTheFileIsNotTakenForThatOfTheData() {
        var database = SampleFleet.shop
        database.catalog?.backups[1].dataAsOf = nil
        database.walArchive = nil
        let page = Page(database)
        #expect(page["backup_last_completed_timestamp_seconds"] == ["": 1_794_886_460])
        #expect(page["backup_data_timestamp_seconds"] == [:])
        #expect(page["backup_recoverable_until_timestamp_seconds"] == [:])
    }

    @Test func whatProductionDidIsUnknownUntilItIsTold() {
        var database = SampleFleet.shop
        for (known, shown) in [(true, ["": 1.0]), (false, ["": 0]), (nil, [:])] {
            database.catalog?.hasProductionChanged = known
            #expect(Page(database)["backup_production_changed_since_previous_backup"] == shown)
        }
    }
}
