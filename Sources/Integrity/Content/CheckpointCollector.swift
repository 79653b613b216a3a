/// Keeps the checkpoints that the consumer asked for, at most ``limit`` of them (8 MiB).
///
/// When there are more, one that is neither the first nor the newest gives way: the one whose neighbours are nearest to
/// each other in the content. So what remains is spread evenly over the places that were asked for, and what a reader
/// has to inflate and drop grows as slowly as it can.
struct CheckpointCollector {
    static let limit = 96

    private(set) var checkpoints: [Checkpoint] = []
    private let limit: Int

    init(limit: Int = Self.limit) {
        self.limit = max(limit, 2)
    }

    /// Copies `snapshot`, which was taken at `contentOffset`; offsets only grow.
    mutating func keep(_ snapshot: GzipSnapshot, at contentOffset: UInt64) {
        let copy = checkpoints.count == limit ? giveWay() : GzipSnapshot()
        copy.copy(from: snapshot)
        checkpoints.append(Checkpoint(contentOffset: contentOffset, snapshot: copy))
    }

    /// Removes one, and hands out its memory; nobody else has seen it yet.
    private mutating func giveWay() -> GzipSnapshot {
        var dropped = checkpoints.count - 1
        var smallest = UInt64.max
        for index in checkpoints.indices.dropFirst().dropLast() {
            let gap = checkpoints[index + 1].contentOffset - checkpoints[index - 1].contentOffset
            if gap < smallest {
                smallest = gap
                dropped = index
            }
        }
        return checkpoints.remove(at: dropped).snapshot
    }
}
