import Backups
import Exposition

@testable import Collectors

/// A page of metrics, to be asked for single series.
struct Page {
    let families: [MetricFamily]

    init(_ facts: FleetFacts) {
        families = MetricsPage.families(facts)
    }

    /// The page of one database.
    init(_ database: DatabaseFacts) {
        self.init(FleetFacts(databases: [database]))
    }

    func text(_ format: ExpositionFormat) -> String {
        String(decoding: ExpositionEncoder.encode(families, as: format), as: UTF8.self)
    }

    /// Values of the one database, by the value of its other label; by "" where it has none.
    subscript(name: String) -> [String: Double] {
        let samples = families.filter { $0.name == name }.flatMap(\.samples)
        return Dictionary(
            samples.map { ($0.labels.first { $0.name != "database" }?.value ?? "", $0.value) },
            uniquingKeysWith: { _, _ in .nan })
    }

    /// Names of the families that have a series.
    var names: Set<String> { Set(families.filter { !$0.samples.isEmpty }.map(\.name)) }
}
