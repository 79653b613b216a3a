/// Nodes that may start: the highest rank first, of equal ones the earliest. A binary heap.
struct ReadyHeap {
    private var entries: [(rank: UInt64, index: Int)] = []

    var count: Int { entries.count }

    mutating func insert(_ index: Int, rank: UInt64) {
        entries.append((rank, index))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard comesFirst(child, parent) else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func takeFirst() -> Int? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.index }
        entries[0] = last
        var parent = 0
        while true {
            var best = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && comesFirst(child, best) {
                best = child
            }
            if best == parent { return first.index }
            entries.swapAt(parent, best)
            parent = best
        }
    }

    private func comesFirst(_ left: Int, _ right: Int) -> Bool {
        let (one, other) = (entries[left], entries[right])
        return one.rank > other.rank || one.rank == other.rank && one.index < other.index
    }
}
