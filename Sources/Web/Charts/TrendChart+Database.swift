import Backups

extension TrendChart {
    /// Sizes of the complete backups that are there.
    static func sizes(_ database: DatabaseFacts, id: String, isSpark: Bool = false) -> TrendChart {
        TrendChart(
            id: id, title: "Backup size of \(database.name)",
            points: (database.catalog?.backups ?? []).suffix(90).map {
                Point(time: $0.time, value: Double($0.identity.sizeBytes))
            }, band: isSpark ? nil : database.catalog?.expectedSize,
            spoken: { Quantity.bytes(UInt64(max(0, min($0, 1e18)))) }, isSpark: isSpark)
    }

    /// What the restores of past verifications took.
    /// - Parameter runs: the newest first.
    static func restores(
        _ database: DatabaseFacts, _ runs: [RunSummary], id: String, isSpark: Bool = false
    ) -> TrendChart {
        TrendChart(
            id: id, title: "Restore time of \(database.name)",
            points: runs.reversed().compactMap { run in
                run.restoreSeconds.map { Point(time: run.finishedAt, value: $0) }
            }, limit: isSpark ? nil : database.objectives.rto?.totalSeconds,
            spoken: { Quantity.duration(seconds: $0) }, isSpark: isSpark)
    }
}
