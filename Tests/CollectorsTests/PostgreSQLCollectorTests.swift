import Backups
import Testing

@testable import Collectors

@Suite struct PostgreSQLCollectorTests {
    private static func names(_ production: ProductionFacts?, engine: String = "postgresql") -> Set<String> {
        let database = DatabaseFacts(
            name: "shop", engine: engine, monitoredSince: Timestamp(seconds: 0), production: production)
        return Page(database).names.filter { $0.hasPrefix("postgres_") }
    }

    @Test func anIdleServerDoesNotLag() {
        #expect(Page(SampleFleet.shop)["postgres_wal_archiving_lag_seconds"] == ["": 0])
        #expect(Page(SampleFleet.shop)["postgres_wal_unarchived_bytes"] == ["": 4096])
    }

    @Test func whatIsNotConfiguredIsAbsent() {
        #expect(Self.names(nil) == [])
        #expect(Self.names(ProductionFacts(isUp: true)) == ["postgres_connection_up"])
        #expect(Self.names(ProductionFacts(isUp: true), engine: "mysql") == [])
    }

    @Test func whatMayNotBeAskedIsAbsent() {
        #expect(
            Self.names(ProductionFacts(isUp: true, archiving: ArchivingFacts(archivedSegments: 3)))
                == [
                    "postgres_connection_up", "postgres_wal_archived_segments_total",
                    "postgres_wal_archive_failures_total",
                ])
    }

    @Test func valuesStayWhileProductionIsDown() {
        var database = SampleFleet.shop
        database.production?.isUp = false
        let page = Page(database)
        #expect(page["postgres_connection_up"] == ["": 0])
        #expect(page["postgres_disk_usage_bytes"] == ["": 70_000_000_000])
        #expect(page["postgres_wal_archived_segments_total"] == ["": 321])
    }
}
