/// One entry of a plan as work that may run beside other work.
struct LoadNode: Sendable, Equatable {
    /// What a node locks. Two nodes may run side by side unless one of them writes what the other reads or writes.
    typealias Resource = Int

    /// What of the entry it runs.
    enum Part: Sendable, Equatable {
        case whole
        /// A foreign key without the check of its rows, see ``SplitForeignKey``.
        case unvalidated
        /// That check.
        case validation
    }

    /// Index of the entry in its plan.
    let entry: Int
    var part = Part.whole
    var reads: [Resource] = []
    var writes: [Resource] = []
    /// Runs with nothing beside it, after all before it and before all after it.
    var isBarrier = false
    /// About how much work it is.
    var weight: UInt64 = 0

    /// Whether the two must not run side by side.
    func conflicts(with other: LoadNode) -> Bool {
        isBarrier || other.isBarrier || writes.contains { other.writes.contains($0) || other.reads.contains($0) }
            || reads.contains { other.writes.contains($0) }
    }
}
