/// Whether production changed between the moments that two backups show, as far as its counters tell. Pure; told sample by
/// sample.
package struct ProductionChange: Sendable {
    /// Counters lag a commit, and clocks differ.
    static let margin: Double = 75

    private let first: Timestamp
    private let second: Timestamp
    private var last: ProductionSample?
    /// The first and the last sample that lie well between the moments.
    private var between: (first: ProductionSample, last: ProductionSample)?
    /// A sample before the first moment is known, and nothing was written since.
    private var isStill = false
    private var hasHeldStill = false

    /// `true` when samples well between the moments tell that some table has other numbers of rows, or that there are other
    /// tables; `false` when a sample before the first and one well after the second do not differ at all; `nil` where neither
    /// is known: there are too few samples, counters began anew, or what was written leaves a dump as long as it was.
    package var answer: Bool? {
        if hasHeldStill { return false }
        return between.flatMap { Self.change($0.first, $0.last) } == .rows ? true : nil
    }

    package init(between first: Timestamp, _ second: Timestamp) {
        (self.first, self.second) = (first, second)
    }

    /// - Parameter sample: not older than the one before.
    /// - Returns: whether further samples may tell more.
    package mutating func add(_ sample: ProductionSample) -> Bool {
        defer { last = sample }
        if first.seconds(since: sample.takenAt) >= Self.margin {
            isStill = true
            return true
        }
        if isBetween(sample) { between = (between?.first ?? sample, sample) }
        guard let last else { return isOpen(after: sample) }
        isStill =
            isStill && Self.change(last, sample) == Change.none && sample.circumstances != nil
            && sample.circumstances == last.circumstances
        hasHeldStill = isStill && !isOpen(after: sample)
        return isOpen(after: sample)
    }

    private func isOpen(after sample: ProductionSample) -> Bool { sample.takenAt.seconds(since: second) < Self.margin }

    private func isBetween(_ sample: ProductionSample) -> Bool {
        sample.takenAt.seconds(since: first) >= Self.margin && second.seconds(since: sample.takenAt) >= 0
    }

    private enum Change {
        case none
        /// Some table has more rows, or fewer, or there are other tables: a dump has other lines.
        case rows
        /// Something was written. A dump may be as long as before, to the byte: updates may write values of the same width,
        /// what was inserted may be gone again, and `VACUUM FULL` writes all anew and changes nothing.
        case other
    }

    /// `nil` where counters began anew: they can't be compared.
    private static func change(_ earlier: ProductionSample, _ later: ProductionSample) -> Change? {
        guard earlier.epoch == later.epoch else { return nil }
        let (before, after) = (earlier.tables, later.tables)
        // Samples that saw nothing change share their tables, which are equal without being looked at.
        if before == after { return Change.none }
        guard before.count == after.count else { return .rows }
        if zip(before, after).allSatisfy(isSame) { return Change.none }
        // A table that got another name has another place.
        let pairs = Array(zip(before.sorted { $0.oid < $1.oid }, after.sorted { $0.oid < $1.oid }))
        if pairs.contains(where: hasGrown) { return .rows }
        return pairs.allSatisfy(isSame) ? Change.none : .other
    }

    /// Whether other numbers of rows were inserted than deleted. A table that was made anew counts anew, as one that was
    /// emptied may.
    private static func hasGrown(_ left: TableCounters, _ right: TableCounters) -> Bool {
        guard left.oid == right.oid, left.inserted <= right.inserted, left.deleted <= right.deleted else {
            return false
        }
        return right.inserted - left.inserted != right.deleted - left.deleted
    }

    private static func isSame(_ left: TableCounters, _ right: TableCounters) -> Bool {
        left.oid == right.oid && left.relfilenode == right.relfilenode && left.inserted == right.inserted
            && left.updated == right.updated && left.deleted == right.deleted
    }
}
