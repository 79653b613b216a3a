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

    @Test func anArchiveWithAGapHasAWindowOnlyBehindIt() {
        var database = SampleFleet.shop
        let window = WALArchiveReport.Window(end: Timestamp(seconds: 1_794_999_500))
        database.walArchive = WALArchiveFacts(isUp: true, missingSegments: 3, window: window)
        let page = Page(database)
        #expect(page["postgres_wal_archive_missing_segments"] == ["": 3])
        #expect(page["postgres_recovery_window_start_timestamp_seconds"] == [:])
        #expect(page["postgres_recovery_window_end_timestamp_seconds"] == [:])
        // Up to the gap one can get back all the same.
        #expect(page["backup_recoverable_until_timestamp_seconds"] == ["": 1_794_999_500])
        database.walArchive?.isUp = false
        #expect(Page(database)["postgres_wal_archive_up"] == ["": 0])
        #expect(Page(database)["postgres_wal_archive_missing_segments"] == ["": 3])
    }

    /// So that nobody takes the age of a backup for what would be lost, while the log may go far beyond it.
    @Test func anArchiveThatWasNeverSeenIsAwaited() {
        var database = SampleFleet.shop
        #expect(Page(database)["postgres_wal_archive_awaited"] == ["": 0])
        database.awaitsWALArchive = true
        for archive in [nil, WALArchiveFacts(isUp: false, problem: "it can't be listed")] {
            database.walArchive = archive
            let page = Page(database)
            #expect(page["postgres_wal_archive_awaited"] == ["": 1])
            #expect(page["postgres_wal_archive_up"] == (archive == nil ? [:] : ["": 0]))
            #expect(page["backup_recoverable_until_timestamp_seconds"] == [:])
            #expect(page["backup_last_completed_timestamp_seconds"].count == 1)
        }
        (database.walArchive, database.awaitsWALArchive) = (nil, false)
        #expect(Page(database)["postgres_wal_archive_awaited"] == [:])
    }

    @Test func whatTheLastLookShowedIsOneOfThree() {
        var database = SampleFleet.shop
        database.walArchive = WALArchiveFacts(isUp: false)
        #expect(Page(database)["postgres_wal_archive_status"] == [:])
        for verdict in Verdict.allCases {
            database.walArchive = WALArchiveFacts(isUp: true, verdict: verdict)
            let values = Page(database)["postgres_wal_archive_status"]
            #expect(values.count == 3)
            #expect(values.filter { $0.value == 1 }.map(\.key) == [verdict.rawValue], "\(values)")
        }
    }

    /// The larger of the newest backup's data time and the end of unbroken WAL.
    @Test(arguments: [
        (1_794_886_400 as Int64, nil as Int64?, 1_794_886_400 as Int64?), (1_794_886_400, 1_794_999_500, 1_794_999_500),
        (1_794_886_400, 1_794_000_000, 1_794_886_400),
    ])
    func oneCanGetBackToTheLater(data: Int64, end: Int64?, until: Int64?) {
        var database = SampleFleet.shop
        database.catalog?.backups = [SampleFleet.backup("shop-2.sql.gz", size: 1, at: data)]
        database.walArchive = WALArchiveFacts(isUp: true, window: .init(end: end.map { Timestamp(seconds: $0) }))
        #expect(database.recoverableUntil == until.map { Timestamp(seconds: $0) })
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
