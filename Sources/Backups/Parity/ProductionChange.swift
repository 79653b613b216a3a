/// Whether production changed between the moments that two backups show, as far as its counters tell. Pure; told sample by
/// sample.
package struct ProductionChange: Sendable {
    /// Counters lag a commit, and clocks differ.
    static let margin: Double = 75

    private let first: Timestamp
    private let second: Timestamp
    private var last: ProductionSample?
    /// A sample before the first moment is known, and nothing was written since.
    private var isStill = false

    /// `true` when two samples well between the moments differ; `false` when a sample before the first and one well after
    /// the second do not; `nil` where neither is known: there are too few samples, or counters began anew.
    package private(set) var answer: Bool?

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
        guard let last else { return isOpen(after: sample) }
        let change = Self.hasChanged(last, sample)
        if change == true, isBetween(last), isBetween(sample) {
            answer = true
            return false
        }
        isStill =
            isStill && change == false && sample.circumstances != nil && sample.circumstances == last.circumstances
        if !isOpen(after: sample), isStill { answer = false }
        return isOpen(after: sample)
    }

    private func isOpen(after sample: ProductionSample) -> Bool { sample.takenAt.seconds(since: second) < Self.margin }

    private func isBetween(_ sample: ProductionSample) -> Bool {
        sample.takenAt.seconds(since: first) >= Self.margin && second.seconds(since: sample.takenAt) >= 0
    }

    /// `nil` where counters began anew: they can't be compared.
    private static func hasChanged(_ earlier: ProductionSample, _ later: ProductionSample) -> Bool? {
        guard earlier.epoch == later.epoch else { return nil }
        let (before, after) = (earlier.tables, later.tables)
        guard before.count == after.count else { return true }
        // Samples that saw nothing change share their tables, which are equal without being looked at.
        if before == after || zip(before, after).allSatisfy(isSame) { return false }
        // A table that got another name has another place.
        return !zip(before.sorted { $0.oid < $1.oid }, after.sorted { $0.oid < $1.oid }).allSatisfy(isSame)
    }

    private static func isSame(_ left: TableCounters, _ right: TableCounters) -> Bool {
        left.oid == right.oid && left.relfilenode == right.relfilenode && left.inserted == right.inserted
            && left.updated == right.updated && left.deleted == right.deleted
    }
}
