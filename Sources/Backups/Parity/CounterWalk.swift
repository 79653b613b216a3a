/// Production's counters as they bound one backup, drawn sample by sample: no larger than its tables are many, however
/// long ago the backup was made. See ``BoundsParity``.
package struct CounterWalk: Sendable {
    /// As the backup states its time.
    private(set) var stated: CounterSpan
    /// As old as its data may be.
    private(set) var earliest: CounterSpan

    /// - Parameter snapshot: the moment whose data the backup says it shows.
    package init(snapshot: Timestamp, settling: BoundsParity.Settling = .standard) {
        stated = CounterSpan(snapshot: snapshot, settling: settling)
        earliest = CounterSpan(
            snapshot: Timestamp(seconds: snapshot.seconds - BoundsParity.uncertainty), settling: settling)
    }

    /// - Parameter sample: not older than the one before. The last one comes well after the count; a later one would only
    ///   widen the bounds.
    package mutating func add(_ sample: ProductionSample) {
        stated.add(sample)
        earliest.add(sample)
    }

    var ended: CounterWalk {
        var walk = self
        (walk.stated, walk.earliest) = (stated.ended, earliest.ended)
        return walk
    }
}
