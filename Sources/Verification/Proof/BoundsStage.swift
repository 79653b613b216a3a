import Backups
import Integrity
import PostgreSQL

/// Holds the restored rows against what production counted since the backup: see ``BoundsParity``.
///
/// Production that can't be reached or read says nothing of a backup: it leaves a note, and the proof as it was.
struct BoundsStage {
    struct Result {
        /// `nil` where there was nothing to hold the rows against.
        var outcome: BoundsParity.Outcome?
        /// Why.
        var note: String?
    }

    let source: BoundsSource
    let jobs: Int
    let time: DataTime
    let cancellation: Cancellation

    /// - Parameter counted: of each restored database.
    func run(_ counted: [RestoredCopy.Database: RowCount], _ contents: DumpContents) throws -> Result {
        guard counted.count == 1, let (database, restored) = counted.first, !database.isNamed else {
            return .unbounded("the backup holds several databases, and the counters are of one")
        }
        guard let snapshot = time.asOf else {
            return .unbounded(
                "nothing says what moment the backup shows: give backups.match a {time:…}, or make a manifest")
        }
        do {
            guard try wasSampled(before: snapshot) else {
                return .unbounded("production's counters were not sampled before the backup was made")
            }
            return Result(outcome: try compare(restored, contents, snapshot))
        } catch let obstacle as Obstacle where !cancellation.isCancelled && obstacle.reason != .internalError {
            return .unbounded("production could not be asked: \(obstacle.message)")
        }
    }

    /// Samples may bound the backup from here on.
    private func earliest(_ snapshot: Timestamp) -> Timestamp {
        Timestamp(
            seconds: snapshot.seconds - source.settling.beforeSnapshot.components.seconds - BoundsParity.uncertainty)
    }

    private func wasSampled(before snapshot: Timestamp) throws -> Bool {
        var wasSampled = false
        try source.samples(earliest(snapshot)) { oldest in
            wasSampled = snapshot.seconds(since: oldest.takenAt) >= source.settling.beforeSnapshot.totalSeconds
            return false
        }
        return wasSampled
    }

    private func compare(
        _ restored: RowCount, _ contents: DumpContents, _ snapshot: Timestamp
    ) throws -> BoundsParity.Outcome {
        let live = try TimedReading.run(source.countingLimit, within: cancellation) { cancellation in
            try RowCounter(jobs: jobs, limits: .production, cancellation: cancellation) {
                let connection = try Connection(source.connection, cancellation: cancellation)
                // Where several hosts are named, this one may be another than that of the counters.
                try ProductionActivity().requirePrimary(connection)
                return connection
            }.count()
        }
        let countedAt = try ask { try ProductionActivity().now($0) }
        var counters = CounterWalk(snapshot: snapshot, settling: source.settling)
        try source.samples(earliest(snapshot)) { sample in
            // Later ones would show what was done after the count, which only widens the bounds.
            if sample.takenAt < countedAt { counters.add(sample) }
            return true
        }
        var parity = BoundsParity(
            restored: restored.rows, dump: contents.rows, families: restored.families,
            live: .init(rows: live.rows, takenAt: countedAt), counters: counters,
            leftOut: source.unbounded.union(restored.extensionTables))
        for attempt in 1... {
            // A second more: two clocks never run alike.
            try source.pause(source.settling.afterCount + .seconds(1), cancellation)
            // A connection that idled for so long may be gone.
            let reading = try ask { try ProductionActivity().read($0) }
            parity.counters = counters
            parity.counters.add(reading.sample)
            parity.doubt = reading.sessions.doubt(countedAt: countedAt)
            let outcome = parity.compare()
            if attempt >= source.attempts || !outcome.mayBecomeClear { return outcome }
        }
        throw Obstacle(.internalError, "the counters were never compared")
    }

    private func ask<Value>(_ question: (Connection) throws -> Value) throws -> Value {
        try TimedReading.run(ProductionActivity.patience, within: cancellation) {
            try question(try Connection(source.connection, cancellation: $0))
        }
    }
}

extension BoundsStage.Result {
    /// The rows are proved by the backup itself, and by nothing else.
    fileprivate static func unbounded(_ why: String) -> Self {
        Self(note: "the rows were not held against production's counters: \(why)")
    }
}
