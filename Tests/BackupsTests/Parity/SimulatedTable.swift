import Backups
import TestSupport

/// A table of a busy server, with what its statistics would say: work is counted when it ends, rolled back or not, and
/// reported some time later. Truncation, resets and a restart are not counted, as with the real one.
struct SimulatedTable {
    static let name = TableName(schema: "public", name: "t")

    /// What a backup's snapshot, a count and two samples would have seen.
    var rowsAtSnapshot: UInt64 = 0
    var rowsAtCount: UInt64 = 0
    var samples: [ProductionSample] = []
    var hasHole = false

    static let snapshot = Timestamp(seconds: 200_000)
    static let counted = Timestamp(seconds: 400_000)

    private var rows: UInt64
    private var file: UInt32 = 1
    private var inserted: UInt64 = 0
    private var deleted: UInt64 = 0
    /// What is not reported yet: when it will be.
    private var pending: [(due: Int64, inserted: UInt64, deleted: UInt64)] = []
    private var epoch = 0
    private var random: SeededGenerator

    /// - Parameter holes: whether things happen that no counter counts.
    init(seed: UInt64, holes: Bool) {
        random = SeededGenerator(seed: seed)
        rows = .random(in: 0...500, using: &random)
        // The samples that a verification uses, one in between, and one too near to the snapshot to be used.
        let times: Set<Int64> = [140_000, 199_940, 199_999, 300_000, 400_075]
        let count = Int.random(in: 5...400, using: &random)
        let work = (0..<count).map { _ in Int64.random(in: 100_000...400_075, using: &random) }
        for time in (work + Array(times) + [200_000, 400_000]).sorted() {
            report(upTo: time)
            switch time {
            case 200_000: rowsAtSnapshot = rows
            case 400_000: rowsAtCount = rows
            case _ where times.contains(time): samples.append(sample(time))
            default: act(at: time, holes: holes)
            }
        }
    }

    private mutating func act(at time: Int64, holes: Bool) {
        let isRolledBack = Int.random(in: 0..<5, using: &random) == 0
        var change = (inserted: UInt64(0), deleted: UInt64(0))
        if Bool.random(using: &random) { change.inserted = .random(in: 0...100, using: &random) }
        if Bool.random(using: &random) { change.deleted = .random(in: 0...rows, using: &random) }
        if !isRolledBack { rows = rows - change.deleted + change.inserted }
        pending.append((time + .random(in: 0...75, using: &random), change.inserted, change.deleted))
        guard holes, Int.random(in: 0..<100, using: &random) == 0 else { return }
        hasHole = true
        switch Int.random(in: 0..<3, using: &random) {
        case 0: (rows, file) = (0, file + 1)
        case 1: (inserted, deleted, epoch) = (0, 0, epoch + 1)
        default: (inserted, deleted, pending, epoch) = (0, 0, [], epoch + 1)
        }
    }

    private mutating func report(upTo time: Int64) {
        for entry in pending where entry.due <= time {
            inserted += entry.inserted
            deleted += entry.deleted
        }
        pending.removeAll { $0.due <= time }
    }

    private func sample(_ time: Int64) -> ProductionSample {
        ProductionSample(
            takenAt: Timestamp(seconds: time), epoch: "\(epoch)", circumstances: "c",
            tables: [
                TableCounters(
                    schema: "public", name: "t", oid: 1, relfilenode: file, inserted: inserted, updated: 0,
                    deleted: deleted, liveRows: 0)
            ])
    }

    /// What parity says of a backup with so many rows.
    func state(restored: UInt64) -> BoundedTable.State? {
        BoundsParity(
            restored: [Self.name: restored], snapshot: Self.snapshot,
            live: .init(rows: [Self.name: rowsAtCount], takenAt: Self.counted), samples: samples
        ).compare().tables.first?.state
    }
}
