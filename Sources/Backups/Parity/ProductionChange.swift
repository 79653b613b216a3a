/// Whether production changed between the moments that two backups show, as far as its counters tell. Pure.
package enum ProductionChange {
    /// Counters lag a commit, and clocks differ.
    static let margin: Double = 75

    /// - Parameters:
    ///   - samples: the oldest first, from the last before `first` on.
    /// - Returns: `true` when two samples well between the moments differ; `false` when a sample before the first and one
    ///   well after the second do not; `nil` where neither is known: there are too few samples, or counters began anew.
    package static func between(_ first: Timestamp, _ second: Timestamp, samples: [ProductionSample]) -> Bool? {
        let inside = samples.filter {
            $0.takenAt.seconds(since: first) >= margin && second.seconds(since: $0.takenAt) >= 0
        }
        for (earlier, later) in zip(inside, inside.dropFirst()) {
            if hasChanged(earlier, later) == true { return true }
        }
        guard let before = samples.lastIndex(where: { first.seconds(since: $0.takenAt) >= margin }),
            let after = samples.firstIndex(where: { $0.takenAt.seconds(since: second) >= margin }), before <= after
        else { return nil }
        let span = samples[before...after]
        let isStill = zip(span, span.dropFirst()).allSatisfy {
            $0.circumstances != nil && $0.circumstances == $1.circumstances && hasChanged($0, $1) == false
        }
        return isStill ? false : nil
    }

    /// `nil` where counters began anew: they can't be compared.
    private static func hasChanged(_ earlier: ProductionSample, _ later: ProductionSample) -> Bool? {
        guard earlier.epoch == later.epoch else { return nil }
        func written(_ sample: ProductionSample) -> [[UInt64]] {
            sample.tables.map { [UInt64($0.oid), UInt64($0.relfilenode), $0.inserted, $0.updated, $0.deleted] }
                .sorted { $0.lexicographicallyPrecedes($1) }
        }
        return written(earlier) != written(later)
    }
}
