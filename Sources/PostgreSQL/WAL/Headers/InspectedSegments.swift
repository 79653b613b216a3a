/// Segments of one archive that were looked at and found good. A stored segment does not change: it is not looked at again
/// unless it is stored anew.
package struct InspectedSegments: Sendable {
    /// By timeline: the halves of a segment's number, and when it was stored.
    private var known: [UInt32: [UInt64: UInt32]] = [:]
    /// Of the cluster that they belong to: what is good for one is foreign for another.
    private var systemIdentifier: UInt64?

    package init() {}

    package var count: UInt64 { known.values.reduce(0) { $0 + UInt64($1.count) } }

    func contains(_ segment: WALArchiveListing.Segment, timeline: UInt32) -> Bool {
        known[timeline]?[segment.key] == segment.modified
    }

    /// Forgets all of another cluster.
    mutating func begin(_ identifier: UInt64?) {
        if identifier != systemIdentifier { known = [:] }
        systemIdentifier = identifier
    }

    mutating func insert(_ segment: WALArchiveListing.Segment, timeline: UInt32) {
        known[timeline, default: [:]][segment.key] = segment.modified
    }

    /// Keeps only what is still stored.
    mutating func keep(_ stored: [(timeline: UInt32, segment: WALArchiveListing.Segment)]) {
        var kept: [UInt32: [UInt64: UInt32]] = [:]
        for (timeline, segment) in stored where contains(segment, timeline: timeline) {
            kept[timeline, default: [:]][segment.key] = segment.modified
        }
        known = kept
    }
}
