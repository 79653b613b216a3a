import Backups

/// Keeps what is wrong with segments whose first page was looked at.
struct SegmentCensus {
    /// What all segments of the archive must have in common.
    struct Identity: Sendable, Equatable {
        var size: WALSegmentSize
        /// `nil` where no segment could be read.
        var systemIdentifier: UInt64?
        /// Of the server; `nil` where it is not known.
        var major: Int?
    }

    let listing: WALArchiveListing
    let rules: SegmentRules
    /// What was stored then may still be written.
    let late: LateSpan

    private(set) var inspected: UInt64 = 0
    /// Segments that are still being written, it seems: they are not there yet.
    private(set) var unfinished: Set<WALSegmentName> = []
    private(set) var flawed: [FlawedSegment] = []
    /// Damaged copies of segments of which another copy is good.
    private(set) var spoiled: UInt64 = 0
    /// Segments of another size, from before that was changed: recovery does not ask for them.
    private var outgrown: Set<WALSegmentName> = []
    /// Segments with a flawed copy and a good one.
    private var replayable: Set<WALSegmentName> = []
    /// Segments that could not be looked at, and why the first could not.
    private(set) var unread: UInt64 = 0
    private(set) var obstacle: Obstacle?

    init(
        _ listing: WALArchiveListing, _ histories: [UInt32: TimelineHistory], _ identity: Identity, late: LateSpan
    ) {
        self.listing = listing
        rules = SegmentRules(identity: identity, histories: histories)
        self.late = late
    }

    var identity: Identity { rules.identity }

    /// Segments that can't be replayed as they are.
    var unusable: Set<WALSegmentName> { unfinished.union(flawed.map(\.name)).union(outgrown).subtracting(replayable) }

    /// Not one of the segments could be read, and that is not damage: they are encrypted, or packed otherwise than their
    /// names say.
    mutating func settle() {
        let isUnreadable = flawed.allSatisfy { flawed in
            switch flawed.flaw {
            case .damaged, .notWAL: true
            case .empty, .zeros, .wrongLength, .foreign, .wrongPlace: false
            }
        }
        guard inspected > 1, isUnreadable, flawed.count == inspected else { return }
        obstacle = Obstacle(
            .encrypted, "none of them can be read: \(flawed.first.map { "\($0.path) \($0.flaw.text)" } ?? "")",
            hint: "Are they encrypted? Their names count, their content is not looked at.")
        unread += inspected
        (inspected, flawed) = (0, [])
    }

    /// A segment can be replayed as long as one copy is good. What another cluster wrote is told all the same: it is no
    /// damage, and nobody knows which copy is taken.
    /// - Parameter hasGoodCopy: whether one of a segment's copies was found good.
    mutating func excuse(_ hasGoodCopy: (WALSegmentName) -> Bool) {
        replayable = unusable.filter(hasGoodCopy)
        unfinished.subtract(replayable)
        let (count, spare) = (flawed.count, replayable)
        flawed.removeAll { $0.flaw.reason != .walForeign && spare.contains($0.name) }
        spoiled = UInt64(count - flawed.count)
    }

    /// Counts one that was found good before.
    mutating func pass() { inspected += 1 }

    /// - Parameter finding: what a look at it found, or why nobody could look.
    /// - Returns: whether it was found good.
    mutating func note(
        _ finding: Result<SegmentInspector.Finding, any Error>, of segment: WALArchiveListing.Segment, timeline: UInt32
    ) -> Bool {
        let name = WALSegmentName(timeline: timeline, high: segment.high, low: segment.low)
        switch finding {
        case .success(.header(let header)):
            inspected += 1
            if rules.isOutgrown(header, name) {
                outgrown.insert(name)
                return false
            }
            guard let flaw = rules.flaw(of: header, name) else { return true }
            flawed.append(FlawedSegment(path: listing.path(segment, timeline: timeline), name: name, flaw: flaw))
        case .success(.flaw(let flaw)):
            inspected += 1
            if flaw.maySettle, late.contains(segment.modified) {
                unfinished.insert(name)
            } else {
                flawed.append(FlawedSegment(path: listing.path(segment, timeline: timeline), name: name, flaw: flaw))
            }
        case .failure(let error):
            unread += 1
            obstacle =
                obstacle ?? error as? Obstacle
                ?? Obstacle(
                    .unexplainedError, "\(listing.path(segment, timeline: timeline)) could not be looked at",
                    cause: error)
        }
        return false
    }
}
