/// What production counted from the last sample before a backup's snapshot on. It is told sample by sample and keeps a few
/// numbers of each table: it is as large after a year as after a day.
struct CounterSpan: Sendable {
    struct Changes: Equatable {
        var inserted: UInt64
        var deleted: UInt64
        /// Why more may have happened than was counted.
        var doubt: CountingDoubt?
    }

    /// One table from the first sample on.
    private struct Walk {
        let first: TableCounters
        var latest: TableCounters
        /// How many steps named it, without a gap.
        var steps = 1
        var isAltered = false
        var failure: UnknownBound?

        init(_ table: TableCounters) {
            (first, latest) = (table, table)
        }

        /// - Parameter known: how many steps there were before.
        mutating func take(_ table: TableCounters, after known: Int) {
            guard failure == nil, steps == known else { return }
            steps += 1
            if table.oid != latest.oid {
                failure = .tableReplaced
            } else if table.relfilenode != latest.relfilenode {
                failure = .fileReplaced
            } else if table.inserted < latest.inserted || table.deleted < latest.deleted
                || table.updated < latest.updated
            {
                failure = .counterFell
            }
            if table.definition != latest.definition { isAltered = true }
            latest = table
        }
    }

    private let snapshot: Timestamp
    private let settling: BoundsParity.Settling
    private var walks: [Walk] = []
    private var places: [TableName: Int] = [:]
    /// The first sample, as long as no other followed: each that is still before the snapshot takes its place.
    private var first: ProductionSample?
    private var last: ProductionSample?
    /// Samples that told something new of a table, the first included.
    private var steps = 0
    private var hasEpochChanged = false
    private var doubt: CountingDoubt?

    init(snapshot: Timestamp, settling: BoundsParity.Settling) {
        self.snapshot = snapshot
        self.settling = settling
    }

    /// - Parameter sample: not older than the one before.
    mutating func add(_ sample: ProductionSample) {
        guard snapshot.seconds(since: sample.takenAt) < settling.beforeSnapshot.totalSeconds else {
            self = CounterSpan(snapshot: snapshot, settling: settling)
            (first, last) = (sample, sample)
            return
        }
        begin()
        guard let last else { return }
        self.last = sample
        guard !hasEpochChanged else { return }
        guard sample.epoch == last.epoch else {
            hasEpochChanged = true
            (walks, places) = ([], [:])
            return
        }
        note(sample.circumstances, after: last.circumstances)
        // Samples that saw nothing change share their tables: equal ones are mostly known without being looked at.
        if sample.tables != last.tables { step(sample.tables) }
    }

    /// The same, with what is asked of it worked out.
    var ended: CounterSpan {
        var span = self
        span.begin()
        return span
    }

    /// Whether the first sample names all of `tables`: they were there before the backup's snapshot.
    func begins(with tables: [TableName], countedAt: Timestamp) -> Bool {
        problem(countedAt) == nil && tables.allSatisfy { places[$0] != nil }
    }

    /// What happened to all of `tables` together, at most.
    /// - Parameter countedAt: when production was counted; the last sample must show all that was done before.
    func changes(of tables: [TableName], countedAt: Timestamp) -> Result<Changes, UnknownBound> {
        if let problem = problem(countedAt) { return .failure(problem) }
        var sum = Changes(inserted: 0, deleted: 0, doubt: doubt)
        for table in tables {
            guard let place = places[table] else { return .failure(.notSampled) }
            let walk = walks[place]
            if let failure = walk.failure { return .failure(failure) }
            guard walk.steps == steps else { return .failure(.notSampled) }
            sum.inserted = Self.adding(sum.inserted, walk.latest.inserted - walk.first.inserted)
            sum.deleted = Self.adding(sum.deleted, walk.latest.deleted - walk.first.deleted)
            if walk.isAltered { sum.doubt = sum.doubt ?? .definitionChanged }
        }
        return .success(sum)
    }

    /// Why nothing can be said of any table.
    private func problem(_ countedAt: Timestamp) -> UnknownBound? {
        guard snapshot <= countedAt else { return .countedBeforeSnapshot }
        guard let last else { return .noSampleBeforeSnapshot }
        guard last.takenAt.seconds(since: countedAt) >= settling.afterCount.totalSeconds else {
            return .noSampleAfterCount
        }
        return hasEpochChanged ? .epochChanged : nil
    }

    private mutating func begin() {
        guard let sample = first else { return }
        first = nil
        steps = 1
        doubt = sample.circumstances == nil ? .statisticsMayLose : nil
        walks = sample.tables.map { Walk($0) }
        places = Dictionary(
            sample.tables.enumerated().map { (TableName($1), $0) }, uniquingKeysWith: { $1 })
    }

    private mutating func note(_ circumstances: String?, after former: String?) {
        if circumstances == nil {
            doubt = .statisticsMayLose
        } else if doubt == nil, circumstances != former {
            doubt = .circumstancesChanged
        }
    }

    private mutating func step(_ tables: [TableCounters]) {
        // Samples are in the order of the names: most tables follow the one before.
        var expected = 0
        for table in tables {
            let isNext = expected < walks.count && walks[expected].latest.isOfSameName(as: table)
            guard let place = isNext ? expected : places[TableName(table)] else { continue }
            walks[place].take(table, after: steps)
            expected = place + 1
        }
        steps += 1
    }

    private static func adding(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}

extension TableCounters {
    fileprivate func isOfSameName(as other: TableCounters) -> Bool { name == other.name && schema == other.schema }
}

extension TableName {
    fileprivate init(_ table: TableCounters) { self.init(schema: table.schema, name: table.name) }
}
