import Backups

/// Looks for a rival among the files of an archive.
///
/// After a failover the old server may archive what it still has while the new one begins: as long as that comes within the grace
/// of the new timeline's first file, or the new one goes on that long after it, nobody is in doubt.
struct RivalSearch {
    /// Timelines whose files tell: those that the base backup can lead to. All others are passed over.
    let timelines: ClosedRange<UInt32>
    private let way: TimelineHistory
    private let start: WALPosition
    private let size: WALSegmentSize
    private let late: LateSpan
    private let grace: Int64
    /// When the first and the last file of the timeline that is followed were stored.
    private var began: UInt32?
    private var newest: UInt32?
    private var others: [UInt32: RivalTimeline] = [:]

    /// - Parameters:
    ///   - way: that recovery takes, to the timeline that it ends on.
    ///   - start: where recovery begins to read.
    ///   - late: which times tell anything.
    init(_ way: TimelineHistory, from start: WALPosition, _ size: WALSegmentSize, late: LateSpan, grace: Duration) {
        (self.way, self.start, self.size, self.late) = (way, start, size, late)
        self.grace = LateSpan.tolerance(grace)
        timelines = min(way.timeline(at: start), way.timeline)...way.timeline
    }

    /// Takes one segment.
    /// - Parameter stored: in seconds since 1970.
    mutating func note(_ timeline: UInt32, _ number: UInt64, stored: UInt32) {
        guard timelines.contains(timeline), late.isDated(stored) else { return }
        if timeline == way.timeline {
            began = min(began ?? stored, stored)
            newest = max(newest ?? stored, stored)
        } else if let left = place(of: timeline), number > left.last {
            let name = WALSegmentName(timeline: timeline, number: number, size: size)
            if let known = others[timeline], (known.stored, known.newest) > (stored, name) { return }
            others[timeline] = RivalTimeline(
                timeline: timeline, leftAt: left.position, newest: name, stored: stored)
        }
    }

    /// Takes the history of a timeline: it is archived when that begins.
    mutating func note(historyOf timeline: UInt32, stored: UInt32) {
        guard timeline == way.timeline, late.isDated(stored) else { return }
        began = min(began ?? stored, stored)
        newest = newest ?? stored
    }

    /// The one that was written last; `nil` where the newest timeline is alone.
    var rival: RivalTimeline? {
        guard let began, let newest else { return nil }
        return others.values.filter {
            Int64($0.stored) > Int64(began) + grace && Int64($0.stored) + grace > Int64(newest)
        }.max { ($0.stored, $0.timeline) < ($1.stored, $1.timeline) }
    }

    /// Where a timeline was left, and its last segment that counts on the way.
    private func place(of timeline: UInt32) -> (position: WALPosition, last: UInt64)? {
        if let change = way.switches.first(where: { $0.timeline == timeline }) {
            return (change.position, size.number(before: change.position))
        }
        // A branch of its own, that parted from the way at any place behind the start.
        guard let first = way.switches.first(where: { $0.position > start }) else { return nil }
        return (first.position, size.number(at: start))
    }
}

extension WALArchiveListing {
    /// A timeline that goes on beside the newest one of `way`; as of ``RivalSearch``.
    func rival(
        along way: TimelineHistory, from start: WALPosition, _ size: WALSegmentSize, late: LateSpan, grace: Duration
    ) -> RivalTimeline? {
        var search = RivalSearch(way, from: start, size, late: late, grace: grace)
        for (timeline, segments) in segments where search.timelines.contains(timeline) {
            for segment in segments where segment.size > 0 {
                guard let number = size.number(checking: segment.high, segment.low) else { continue }
                search.note(timeline, number, stored: segment.modified)
            }
        }
        for file in histories[way.timeline] ?? [] {
            search.note(historyOf: way.timeline, stored: UInt32(clamping: file.modified.seconds))
        }
        return search.rival
    }
}
