package import Backups
package import Exposition

/// What lies at the locations.
package struct CatalogCollector: Collector {
    package let name = "catalog"

    package init() {}

    package func collect(_ facts: FleetFacts) -> [MetricFamily] {
        DatabaseMetric.families(Self.state + Self.sizes + Self.times, of: facts)
    }

    private static let state: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_location_up",
            "1 when the location of the backups could be listed at the last attempt; while 0 values stay as last known."
        ) { $0.catalog?.isLocationUp },
        DatabaseMetric("backup_catalog_backups", "Complete backups found.") { $0.knownCatalog?.backups.count },
    ]

    private static let sizes: [DatabaseMetric] = [
        DatabaseMetric("backup_stored_bytes", "Size of all complete backups together.", unit: .bytes) {
            $0.knownCatalog?.storedBytes
        },
        DatabaseMetric("backup_size_bytes", "Size of the newest complete backup.", unit: .bytes) {
            $0.catalog?.newest?.identity.sizeBytes
        },
        DatabaseMetric("backup_minimum_size_bytes", "Configured floor for the size of a backup.", unit: .bytes) {
            $0.minimumSize
        },
        DatabaseMetric(
            "backup_size_expected_lower_bytes", "Least size that the backups before the newest let expect of it.",
            unit: .bytes
        ) { $0.catalog?.expectedSize?.lowerBound },
        DatabaseMetric(
            "backup_size_expected_upper_bytes", "Greatest size that the backups before the newest let expect of it.",
            unit: .bytes
        ) { $0.catalog?.expectedSize?.upperBound },
        DatabaseMetric(
            "backup_size_growth_bytes_per_second", "Slope of the size over the distinct backups.",
            unit: .bytesPerSecond
        ) { $0.catalog?.growth },
        DatabaseMetric(
            "backup_identical_size_backups", "Newest backups in a row that have the same size to the byte."
        ) { $0.knownCatalog?.identicalSizes },
        DatabaseMetric(
            "backup_production_changed_since_previous_backup",
            "1 when production changed between the newest backup and the one before it, by its own counters."
        ) { $0.catalog?.hasProductionChanged },
    ]

    private static let times: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_last_completed_timestamp_seconds", "When the newest complete backup was finished.", unit: .seconds
        ) { $0.catalog?.newest?.completedAt },
        DatabaseMetric(
            "backup_data_timestamp_seconds", "The moment whose data the newest complete backup shows.", unit: .seconds
        ) { $0.catalog?.newest?.dataAsOf },
        DatabaseMetric(
            "backup_recoverable_until_timestamp_seconds", "The newest point in time one could get back to.",
            unit: .seconds
        ) { $0.recoverableUntil },
    ]
}

extension DatabaseFacts {
    /// The catalog when its numbers mean something: no backup at a location that could not be listed is not "none".
    fileprivate var knownCatalog: CatalogFacts? {
        catalog.flatMap { $0.isLocationUp || !$0.backups.isEmpty ? $0 : nil }
    }
}
