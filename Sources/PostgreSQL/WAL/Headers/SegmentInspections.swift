import Backups
import Processes
import Synchronization

/// Looks at many segments, side by side where each look is a wait for a store.
struct SegmentInspections: Sendable {
    typealias Stored = (timeline: UInt32, segment: WALArchiveListing.Segment)

    let inspector: SegmentInspector
    let listing: WALArchiveListing
    /// Unpack each to its end.
    let isWhole: Bool
    let cancellation: Cancellation
    /// What first pages must say.
    let rules: SegmentRules
    /// Those that are read to their end before a flaw is told. Where all are encrypted, one is like the other.
    private let readWhole = NextIndex(below: 16)

    init(
        inspector: SegmentInspector, listing: WALArchiveListing, isWhole: Bool, rules: SegmentRules,
        cancellation: Cancellation
    ) {
        self.inspector = inspector
        self.listing = listing
        self.isWhole = isWhole
        self.rules = rules
        self.cancellation = cancellation
    }

    /// - Parameter note: is told of each, in any order.
    /// - Throws: only when the work was ended.
    func run(
        _ segments: [Stored], _ note: (Stored, Result<SegmentInspector.Finding, any Error>) -> Void
    ) throws {
        let threads = min(inspector.source.readers, segments.count)
        guard threads > 1 else {
            for stored in segments {
                try cancellation.check()
                note(stored, inspect(stored))
            }
            return
        }
        let next = NextIndex(below: segments.count)
        let found = BlockingQueue<(Int, Result<SegmentInspector.Finding, any Error>)?>()
        for _ in 0..<threads {
            DetachedThread.start(named: "wal pages") {
                while !cancellation.isCancelled, let index = next.take() {
                    found.append((index, inspect(segments[index])))
                }
                found.append(nil)
            }
        }
        var running = threads
        while running > 0 {
            if let (index, finding) = found.next() { note(segments[index], finding) } else { running -= 1 }
        }
        try cancellation.check()
    }

    private func inspect(_ stored: Stored) -> Result<SegmentInspector.Finding, any Error> {
        Result {
            let path = listing.path(stored.segment, timeline: stored.timeline)
            func look() throws -> SegmentInspector.Finding {
                try inspector.inspect(
                    path, listing.place(stored.segment).packing, stored: UInt64(stored.segment.size), isWhole: isWhole)
            }
            let finding = try look()
            guard isFlawed(finding, stored), stored.segment.size > 0 else { return finding }
            if readWhole.take() != nil { try inspector.source.confirm(path, cancellation) }
            let again = try look()
            guard again == finding || !isFlawed(again, stored) else {
                throw Obstacle(
                    .transferDamaged, "\(path) comes differently each time that it is read",
                    hint: "Something on the way damages it: try another line, or https.")
            }
            return again
        }
    }

    private func isFlawed(_ finding: SegmentInspector.Finding, _ stored: Stored) -> Bool {
        guard case .header(let header) = finding else { return true }
        let segment = stored.segment
        let name = WALSegmentName(timeline: stored.timeline, high: segment.high, low: segment.low)
        return rules.flaw(of: header, name) != nil
    }
}

/// Numbers from 0 on, each to one thread.
private final class NextIndex: Sendable {
    private let next = Mutex(0)
    private let end: Int

    init(below end: Int) {
        self.end = end
    }

    func take() -> Int? {
        next.withLock { next in
            guard next < end else { return nil }
            defer { next += 1 }
            return next
        }
    }
}
