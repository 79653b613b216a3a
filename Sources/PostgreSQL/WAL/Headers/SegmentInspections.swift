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
            try inspector.inspect(
                listing.path(stored.segment, timeline: stored.timeline), listing.place(stored.segment).packing,
                stored: UInt64(stored.segment.size), isWhole: isWhole)
        }
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
