import Backups

/// Looks at the first page of many segments, and keeps what is wrong with them.
struct SegmentCensus {
    /// What all segments of the archive must have in common.
    struct Identity: Sendable, Equatable {
        var size: WALSegmentSize
        /// `nil` where no segment could be read.
        var systemIdentifier: UInt64?
        /// Of the server; `nil` where it is not known.
        var major: Int?
    }

    let inspector: SegmentInspector
    let listing: WALArchiveListing
    let rules: SegmentRules
    /// Unpack each to its end.
    let isWhole: Bool
    /// What was stored after this second may still be written.
    let lateAfter: UInt32

    private(set) var inspected: UInt64 = 0
    /// Segments that are still being written, it seems: they are not there yet.
    private(set) var unfinished: Set<WALSegmentName> = []
    private(set) var flawed: [FlawedSegment] = []
    /// Segments that could not be looked at, and why the first could not.
    private(set) var unread: UInt64 = 0
    private(set) var obstacle: Obstacle?

    init(
        _ inspector: SegmentInspector, _ listing: WALArchiveListing, _ histories: [UInt32: TimelineHistory],
        _ identity: Identity, isWhole: Bool, lateAfter: UInt32
    ) {
        self.inspector = inspector
        self.listing = listing
        rules = SegmentRules(identity: identity, histories: histories)
        self.isWhole = isWhole
        self.lateAfter = lateAfter
    }

    var identity: Identity { rules.identity }

    /// Segments that can't be replayed as they are.
    var unusable: Set<WALSegmentName> { unfinished.union(flawed.map(\.name)) }

    /// Not one of the segments could be read, and that is not damage: they are encrypted, or packed otherwise than their
    /// names say.
    mutating func settle() {
        let isUnreadable = flawed.allSatisfy { flawed in
            switch flawed.flaw {
            case .damaged, .notWAL: true
            case .empty, .wrongLength, .foreign, .wrongPlace: false
            }
        }
        guard inspected > 1, isUnreadable, flawed.count == inspected else { return }
        obstacle = Obstacle(
            .encrypted, "none of them can be read: \(flawed.first.map { "\($0.path) \($0.flaw.text)" } ?? "")",
            hint: "Are they encrypted? Their names count, their content is not looked at.")
        unread += inspected
        (inspected, flawed) = (0, [])
    }

    /// Counts one that was found good before.
    mutating func pass() { inspected += 1 }

    /// - Returns: whether it was found good.
    mutating func inspect(_ segment: WALArchiveListing.Segment, timeline: UInt32) -> Bool {
        let before = (flawed.count, unfinished.count, unread)
        look(at: segment, timeline: timeline)
        return (flawed.count, unfinished.count, unread) == before
    }

    private mutating func look(at segment: WALArchiveListing.Segment, timeline: UInt32) {
        let name = WALSegmentName(timeline: timeline, high: segment.high, low: segment.low)
        let path = listing.path(segment, timeline: timeline)
        do {
            let finding = try inspector.inspect(
                path, listing.place(segment).packing, stored: UInt64(segment.size), isWhole: isWhole)
            inspected += 1
            switch finding {
            case .flaw(let flaw) where flaw.maySettle && segment.modified > lateAfter: unfinished.insert(name)
            case .flaw(let flaw): flawed.append(FlawedSegment(path: path, name: name, flaw: flaw))
            case .header(let header):
                if let flaw = rules.flaw(of: header, name) {
                    flawed.append(FlawedSegment(path: path, name: name, flaw: flaw))
                }
            }
        } catch let error as Obstacle {
            unread += 1
            obstacle = obstacle ?? error
        } catch {
            unread += 1
            obstacle = obstacle ?? Obstacle(.unexplainedError, "\(path) could not be looked at", cause: error)
        }
    }
}
