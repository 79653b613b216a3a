@testable import Backups

/// What ``CounterSpan`` promises, worked out with all samples at hand: slow, and plain to see.
struct WholeSpan {
    let span: Result<[ProductionSample], UnknownBound>

    /// - Parameter samples: the oldest first.
    init(_ samples: [ProductionSample], snapshot: Timestamp, countedAt: Timestamp) {
        guard let first = samples.lastIndex(where: { snapshot.seconds(since: $0.takenAt) >= 60 }) else {
            span = .failure(.noSampleBeforeSnapshot)
            return
        }
        guard let last = samples.firstIndex(where: { $0.takenAt.seconds(since: countedAt) >= 75 }) else {
            span = .failure(.noSampleAfterCount)
            return
        }
        let part = Array(samples[first...last])
        span = part.allSatisfy { $0.epoch == part[0].epoch } ? .success(part) : .failure(.epochChanged)
    }

    func begins(with tables: [TableName]) -> Bool {
        guard let first = try? span.get().first else { return false }
        return tables.allSatisfy { Self.counters($0, in: first) != nil }
    }

    func changes(of tables: [TableName]) -> Result<CounterSpan.Changes, UnknownBound> {
        span.flatMap { span in
            var sum = CounterSpan.Changes(inserted: 0, deleted: 0, doubt: nil)
            for table in tables {
                let counters = span.map { Self.counters(table, in: $0) }
                if let failure = Self.failure(counters) { return .failure(failure) }
                let (first, last) = (counters[0], counters[counters.count - 1])
                sum.inserted += (last?.inserted ?? 0) - (first?.inserted ?? 0)
                sum.deleted += (last?.deleted ?? 0) - (first?.deleted ?? 0)
                if Set(counters.map { $0?.definition }).count > 1 { sum.doubt = .definitionChanged }
            }
            if Set(span.map(\.circumstances)).count > 1 { sum.doubt = .circumstancesChanged }
            if span.contains(where: { $0.circumstances == nil }) { sum.doubt = .statisticsMayLose }
            return .success(sum)
        }
    }

    private static func counters(_ table: TableName, in sample: ProductionSample) -> TableCounters? {
        sample.tables.first { $0.name == table.name && $0.schema == table.schema }
    }

    private static func failure(_ counters: [TableCounters?]) -> UnknownBound? {
        var former: TableCounters?
        for current in counters {
            guard let current else { return .notSampled }
            if let former {
                if current.oid != former.oid { return .tableReplaced }
                if current.relfilenode != former.relfilenode { return .fileReplaced }
                if current.inserted < former.inserted || current.deleted < former.deleted
                    || current.updated < former.updated
                {
                    return .counterFell
                }
            }
            former = current
        }
        return nil
    }
}
