package import Backups
package import Exposition

/// All that `/metrics` says.
package enum MetricsPage {
    /// In the order of the page.
    package static let collectors: [any Collector] = [
        ProgramCollector(), InventoryCollector(), CatalogCollector(), ObjectivesCollector(), VerificationCollector(),
        DrillCollector(), PostgreSQLCollector(),
    ]

    package static func families(_ facts: FleetFacts) -> [MetricFamily] {
        collectors.flatMap { $0.collect(facts) }
    }

    /// What a one-shot run pushes or writes to a file: gauges of verification. No counter, since a run that ends can't go on
    /// counting where the one before it stopped.
    package static func oneShotFamilies(_ facts: FleetFacts) -> [MetricFamily] {
        let interval = ObjectivesCollector().collect(facts).filter { $0.name == "backup_verification_interval_seconds" }
        return interval + VerificationCollector().collect(facts).filter { $0.type != .counter }
    }
}
