package import Backups
package import Exposition

/// Which databases are configured.
package struct InventoryCollector: Collector {
    package let name = "inventory"

    package init() {}

    package func collect(_ facts: FleetFacts) -> [MetricFamily] {
        DatabaseMetric.families(Self.metrics, of: facts)
    }

    /// The label `format` is left out until facts tell a format: Prometheus takes an empty label for none at all, and a
    /// format is told by content, which the catalog does not read.
    private static let metrics: [DatabaseMetric] = [
        DatabaseMetric("backup_info", "A configured database.") { [("engine", $0.engine), ("kind", $0.kind)] },
        DatabaseMetric(
            "backup_monitored_since_timestamp_seconds",
            "When the database was first configured: never verified is judged from here.", unit: .seconds
        ) { $0.monitoredSince },
        DatabaseMetric("backup_suspended", "1 when verification is suspended on purpose.") { $0.isSuspended },
    ]
}
