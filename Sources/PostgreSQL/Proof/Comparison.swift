package import Backups

/// Parity of two live databases, for migrations: is the second equal to the first?
///
/// The second is judged: what it lacks or has otherwise is `failed`. Each side is counted in one snapshot of its own; who
/// compares while the first is written to states a drift.
package struct Comparison: Sendable {
    package var first: ConnectionParameters
    package var second: ConnectionParameters
    package var jobs: Int
    package var checksums: Bool
    package var drift: Drift
    package var tolerance: SchemaTolerance
    package var limits: ReadLimits

    package init(
        _ first: ConnectionParameters, _ second: ConnectionParameters, jobs: Int = 2, checksums: Bool = false,
        drift: Drift = .none, tolerance: SchemaTolerance = .none, limits: ReadLimits = .production
    ) {
        self.first = first
        self.second = second
        self.jobs = jobs
        self.checksums = checksums
        self.drift = drift
        self.tolerance = tolerance
        self.limits = limits
    }

    package struct Outcome: Sendable {
        package let checks: [Check]
        package let tables: [TableResult]
    }

    /// - Throws: ``Obstacle`` when one of the two can't be read.
    package func run(progress: any ProgressObserver = SilentProgress(), cancellation: Cancellation) throws -> Outcome {
        let catalogs = try [first, second].map {
            try CatalogSnapshot.read(Connection($0, cancellation: cancellation), limits: limits)
        }
        let counts = try [first, second].map { source in
            try RowCounter(
                jobs: jobs, limits: limits, checksums: checksums, progress: progress, cancellation: cancellation
            ) { try Connection(source, cancellation: cancellation) }.count()
        }
        let name = first.target
        var checks = [
            SchemaDifference(catalogs[0], catalogs[1], tolerance: tolerance).check(against: name, meaning: .exact),
            SequenceParity.compare(
                catalogs[0].sequences.map { Manifest.Sequence(name: $0, before: $1, after: $1) }
                    .sorted { $0.name < $1.name },
                restored: catalogs[1].sequences),
        ]
        let rows = RowParity(
            dump: counts[1].rows, restored: counts[1].rows, families: counts[1].families,
            reference: .live(counts[0].rows, drift)
        ).compare()
        checks += rows.checks.filter { $0.name == RowParity.liveCheckName }
        if checksums {
            checks.append(
                ChecksumParity.compare(
                    expected: counts[0].checksums, found: counts[1].checksums,
                    largeObjects: (counts[0].largeObjects?.checksum, counts[1].largeObjects?.checksum), reference: name)
            )
        }
        // Neither side is a dump.
        let tables = rows.tables.map {
            TableResult(
                name: $0.name, dumpRows: nil, restoredRows: $0.restoredRows, referenceRows: $0.referenceRows,
                proof: $0.proof)
        }
        return Outcome(checks: checks, tables: tables)
    }
}
