package import Backups
package import Exposition

/// All that `/metrics` says.
package enum MetricsPage {
    /// In the order of the page.
    package static let collectors: [any Collector] = [
        ProgramCollector(), InventoryCollector(), CatalogCollector(), ObjectivesCollector(), VerificationCollector(),
        PostgreSQLCollector(),
    ]

    package static func families(_ facts: FleetFacts) -> [MetricFamily] {
        collectors.flatMap { $0.collect(facts) }
    }
}
