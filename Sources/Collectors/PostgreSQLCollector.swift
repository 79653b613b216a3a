package import Backups
package import Exposition

/// What production said of itself. No family has series for databases of other engines.
package struct PostgreSQLCollector: Collector {
    package let name = "postgresql"

    package init() {}

    package func collect(_ facts: FleetFacts) -> [MetricFamily] {
        DatabaseMetric.families(Self.connection + Self.lag + Self.archiver + Self.archive + Self.disk, of: facts)
    }

    private static let connection: [DatabaseMetric] = [
        DatabaseMetric(
            "postgres_connection_up",
            "1 when production answered at the last attempt; while 0 its values stay as last known."
        ) { $0.postgreSQL?.isUp }
    ]

    private static let lag: [DatabaseMetric] = [
        DatabaseMetric(
            "postgres_wal_archiving_lag_seconds",
            "Age of the oldest WAL segment that is ready and not archived; 0 when there is none.", unit: .seconds
        ) { $0.archiving?.lagSeconds },
        DatabaseMetric(
            "postgres_wal_unarchived_age_seconds",
            "Age of the oldest WAL that is not archived, the unfinished segment included.", unit: .seconds
        ) { $0.archiving?.unarchivedAgeSeconds },
        DatabaseMetric(
            "postgres_wal_unarchived_bytes",
            "WAL that is not archived, the unfinished segment included: what a lost host would lose.", unit: .bytes
        ) { $0.archiving?.unarchivedBytes },
        DatabaseMetric("postgres_wal_archive_ready_segments", "WAL segments that wait to be archived.") {
            $0.archiving?.readySegments
        },
    ]

    private static let archiver: [DatabaseMetric] = [
        DatabaseMetric(
            "postgres_wal_archived_segments_total", "WAL segments archived, by pg_stat_archiver.", type: .counter
        ) { $0.archiving?.archivedSegments },
        DatabaseMetric(
            "postgres_wal_archive_failures_total", "Failed attempts to archive WAL, by pg_stat_archiver.",
            type: .counter
        ) { $0.archiving?.failures },
        DatabaseMetric(
            "postgres_wal_archive_last_success_timestamp_seconds",
            "When a WAL segment was last archived, by pg_stat_archiver.", unit: .seconds
        ) { $0.archiving?.lastSuccess },
        DatabaseMetric(
            "postgres_wal_archive_last_failure_timestamp_seconds",
            "When archiving a WAL segment last failed, by pg_stat_archiver.", unit: .seconds
        ) { $0.archiving?.lastFailure },
    ]

    private static let archive: [DatabaseMetric] = [
        DatabaseMetric(
            "postgres_wal_archive_up",
            "1 when the WAL archive could be listed at the last attempt; while 0 its values stay as last known."
        ) { $0.archive?.isUp },
        DatabaseMetric(
            "postgres_wal_archive_awaited",
            "1 while no look at the configured WAL archive has come to its end since the daemon began, else 0."
        ) { $0.awaitsArchive },
        DatabaseMetric(
            "postgres_wal_archive_status",
            "1 on what the last look at the WAL archive showed, 0 on the others; absent before the first.", by: "status"
        ) { database in
            database.archive?.verdict.map { verdict in Verdict.allCases.map { ($0.rawValue, verdict == $0) } } ?? []
        },
        DatabaseMetric(
            "postgres_wal_archive_missing_segments",
            "WAL segments that are missing or unusable between the oldest complete base backup and the newest segment."
        ) { $0.archive?.missingSegments },
        DatabaseMetric(
            "postgres_recovery_window_start_timestamp_seconds",
            "The oldest moment that one can recover to: a base backup from which no WAL is missing up to the newest.",
            unit: .seconds
        ) { $0.archive?.window.start },
        DatabaseMetric(
            "postgres_recovery_window_end_timestamp_seconds",
            "The newest commit that one can recover from such a base backup.", unit: .seconds
        ) { $0.archive?.window.start == nil ? nil : $0.archive?.window.end },
    ]

    private static let disk: [DatabaseMetric] = [
        DatabaseMetric(
            "postgres_disk_usage_bytes", "Used bytes of the file system that holds the data directory.", unit: .bytes
        ) { $0.dataDisk?.usedBytes },
        DatabaseMetric(
            "postgres_disk_capacity_bytes", "Size of the file system that holds the data directory.", unit: .bytes
        ) { $0.dataDisk?.capacityBytes },
    ]
}

extension DatabaseFacts {
    fileprivate var postgreSQL: ProductionFacts? { engine == "postgresql" ? production : nil }
    fileprivate var dataDisk: DiskFacts? { engine == "postgresql" ? disk : nil }
    fileprivate var archiving: ArchivingFacts? { postgreSQL?.archiving }
    fileprivate var archive: WALArchiveFacts? { engine == "postgresql" ? walArchive : nil }
    /// `nil` where no archive is configured.
    fileprivate var awaitsArchive: Bool? {
        guard engine == "postgresql", awaitsWALArchive || walArchive != nil else { return nil }
        return awaitsWALArchive
    }
}
