@testable import Backups

extension BoundsParity {
    /// With the counters that samples in any order tell, up to the first that shows all that was done before the count.
    init(
        restored: [TableName: UInt64], dump: [TableName: UInt64] = [:], families: TableFamilies = TableFamilies(),
        snapshot: Timestamp, live: LiveCount, samples: [ProductionSample], doubt: CountingDoubt? = nil,
        leftOut: Set<TableName> = []
    ) {
        var counters = CounterWalk(snapshot: snapshot)
        for sample in samples.sorted(by: { $0.takenAt < $1.takenAt }) {
            counters.add(sample)
            if sample.takenAt.seconds(since: live.takenAt) >= Settling.standard.afterCount.totalSeconds { break }
        }
        self.init(
            restored: restored, dump: dump, families: families, live: live, counters: counters, doubt: doubt,
            leftOut: leftOut)
    }
}
