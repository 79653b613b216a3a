import Backups
import Exposition

/// A metric family with series for each database, as a row of a table: what it is called, and how it is read from facts.
struct DatabaseMetric: Sendable {
    /// Labels beside `database`, and a value; not a number where the value is not known.
    typealias Reading = (labels: [Label], value: Double)

    private let family: MetricFamily
    /// Adds the readings of one database.
    private let read: @Sendable (DatabaseFacts, inout [Reading]) -> Void

    /// One series for each database, absent where `value` is `nil`.
    init(
        _ name: String, _ help: String, type: MetricType = .gauge, unit: MetricUnit? = nil,
        value: @escaping @Sendable (DatabaseFacts) -> (some MetricValue)?
    ) {
        family = MetricFamily(name, help, type: type, unit: unit)
        read = { database, readings in
            if let value = value(database) { readings.append(([], value.metricValue)) }
        }
    }

    /// One series for each database and value of the label `label`.
    init(
        _ name: String, _ help: String, type: MetricType = .gauge, unit: MetricUnit? = nil, by label: String,
        values: @escaping @Sendable (DatabaseFacts) -> [(String, some MetricValue)]
    ) {
        family = MetricFamily(name, help, type: type, unit: unit)
        read = { database, readings in
            for (key, value) in values(database) { readings.append(([Label(label, key)], value.metricValue)) }
        }
    }

    /// Always 1, with what is known of the database in labels; one that is `nil` or empty is left out.
    init(_ name: String, _ help: String, labels: @escaping @Sendable (DatabaseFacts) -> [(String, String?)]) {
        family = MetricFamily(name, help, type: .info)
        read = { database, readings in
            readings.append((labels(database).compactMap { name, value in value.map { Label(name, $0) } }, 1))
        }
    }

    /// The families of a table, each with its samples of all databases, in the order of both.
    static func families(_ metrics: [DatabaseMetric], of facts: FleetFacts) -> [MetricFamily] {
        var samples = [[Sample]](repeating: [], count: metrics.count)
        var readings: [Reading] = []
        for database in facts.databases {
            let name = [Label("database", database.name)]
            for (index, metric) in metrics.enumerated() {
                readings.removeAll(keepingCapacity: true)
                metric.read(database, &readings)
                for reading in readings {
                    // The array of the name is shared by all series that have no other label.
                    let labels = reading.labels.isEmpty ? name : name + reading.labels
                    samples[index].append(Sample(labels, reading.value))
                }
            }
        }
        return zip(metrics, samples).map { metric, samples in
            var family = metric.family
            family.samples = samples
            return family
        }
    }
}
