/// The samples from the last before a backup's snapshot to the first that shows all that was done before a count.
struct CounterSpan {
    struct Changes: Equatable {
        var inserted: UInt64
        var deleted: UInt64
        /// Why more may have happened than was counted.
        var doubt: CountingDoubt?
    }

    private typealias Sample = [TableName: TableCounters]

    private let samples: Result<[Sample], UnknownBound>
    /// Of all tables.
    private let doubt: CountingDoubt?

    /// - Parameter samples: the oldest first.
    init(samples: [ProductionSample], snapshot: Timestamp, countedAt: Timestamp, settling: BoundsParity.Settling) {
        let span = Self.span(samples, snapshot, countedAt, settling)
        self.samples = span.map { span in
            span.map { sample in
                Dictionary(
                    sample.tables.map { (TableName(schema: $0.schema, name: $0.name), $0) }, uniquingKeysWith: { $1 })
            }
        }
        doubt = (try? span.get()).flatMap(Self.doubt)
    }

    /// Whether the first sample names all of `tables`: they were there before the backup's snapshot.
    func begins(with tables: [TableName]) -> Bool {
        guard let first = try? samples.get().first else { return false }
        return tables.allSatisfy { first[$0] != nil }
    }

    /// What happened to all of `tables` together, at most.
    func changes(of tables: [TableName]) -> Result<Changes, UnknownBound> {
        samples.flatMap { samples in
            var sum = Changes(inserted: 0, deleted: 0, doubt: doubt)
            for table in tables {
                switch Self.changes(of: table, in: samples) {
                case .failure(let unknown): return .failure(unknown)
                case .success(let changes):
                    sum.inserted = Self.adding(sum.inserted, changes.inserted)
                    sum.deleted = Self.adding(sum.deleted, changes.deleted)
                    sum.doubt = sum.doubt ?? changes.doubt
                }
            }
            return .success(sum)
        }
    }

    private static func span(
        _ samples: [ProductionSample], _ snapshot: Timestamp, _ countedAt: Timestamp, _ settling: BoundsParity.Settling
    ) -> Result<ArraySlice<ProductionSample>, UnknownBound> {
        guard snapshot <= countedAt else { return .failure(.countedBeforeSnapshot) }
        let (before, after) = (settling.beforeSnapshot.totalSeconds, settling.afterCount.totalSeconds)
        guard let first = samples.lastIndex(where: { snapshot.seconds(since: $0.takenAt) >= before }) else {
            return .failure(.noSampleBeforeSnapshot)
        }
        guard let last = samples.firstIndex(where: { $0.takenAt.seconds(since: countedAt) >= after }), first <= last
        else { return .failure(.noSampleAfterCount) }
        let span = samples[first...last]
        guard span.allSatisfy({ $0.epoch == samples[first].epoch }) else { return .failure(.epochChanged) }
        return .success(span)
    }

    private static func doubt(_ span: ArraySlice<ProductionSample>) -> CountingDoubt? {
        guard let first = span.first?.circumstances, span.allSatisfy({ $0.circumstances != nil }) else {
            return .statisticsMayLose
        }
        return span.allSatisfy { $0.circumstances == first } ? nil : .circumstancesChanged
    }

    private static func changes(of table: TableName, in samples: [Sample]) -> Result<Changes, UnknownBound> {
        var first: TableCounters?
        var previous: TableCounters?
        var doubt: CountingDoubt?
        for sample in samples {
            guard let current = sample[table] else { return .failure(.notSampled) }
            if let previous {
                guard current.oid == previous.oid else { return .failure(.tableReplaced) }
                guard current.relfilenode == previous.relfilenode else { return .failure(.fileReplaced) }
                guard current.inserted >= previous.inserted, current.deleted >= previous.deleted,
                    current.updated >= previous.updated
                else { return .failure(.counterFell) }
                if current.definition != previous.definition { doubt = .definitionChanged }
            }
            first = first ?? current
            previous = current
        }
        guard let first, let previous else { return .failure(.noSampleBeforeSnapshot) }
        return .success(
            Changes(
                inserted: previous.inserted - first.inserted, deleted: previous.deleted - first.deleted, doubt: doubt))
    }

    private static func adding(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
