/// Segments of one archive that were looked at and found good. What is stored does not change: it is not looked at again
/// unless it is stored anew, or elsewhere.
package struct InspectedSegments: Sendable {
    private var known: Set<StoredCopy> = []
    /// Of the cluster that they belong to: what is good for one is foreign for another.
    private var systemIdentifier: UInt64?

    package init() {}

    package var count: UInt64 { UInt64(known.count) }

    func contains(_ copy: StoredCopy) -> Bool { known.contains(copy) }

    /// Forgets all of another cluster.
    mutating func begin(_ identifier: UInt64?) {
        if identifier != systemIdentifier { known = [] }
        systemIdentifier = identifier
    }

    mutating func insert(_ copy: StoredCopy) { known.insert(copy) }

    /// Keeps only what is still stored.
    mutating func keep(_ stored: some Sequence<StoredCopy>) { known.formIntersection(stored) }
}

/// One stored file of a segment, as a listing tells it: its path, its size, and when it was stored. A hash of them all, of 64
/// bits, because archives are long; it means something in this process alone.
struct StoredCopy: Sendable, Hashable {
    private let value: Int

    init(_ hasher: Hasher) { value = hasher.finalize() }
}
