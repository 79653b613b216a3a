package import Backups

/// A base backup, as far as its WAL is concerned.
package struct BaseBackup: Sendable, Equatable {
    package enum Origin: Sendable, Equatable {
        /// Only notes of it lie in the archive, as `….00000028.backup`. It may be gone itself.
        case archive
        /// It was found at the location of base backups.
        case location
    }

    /// Where it, or the notes of it, lie.
    package var path: String
    package var origin: Origin
    package var label: String?
    /// The timeline at its start.
    package var timeline: UInt32
    /// Where recovery begins to read.
    package var start: WALPosition
    /// The name of the segment that ``start`` lies in, where it says it.
    package var startSegment: WALSegmentName?
    /// Where it becomes consistent; `nil` where nothing tells it.
    package var stop: WALPosition?
    /// The timeline at its end, where that is another: a promotion happened during a backup of a standby.
    package var stopTimeline: UInt32?
    package var startedAt: Timestamp?
    /// When it was consistent at the latest.
    package var stoppedAt: Timestamp?
    /// When it was consistent by the server's own word; `nil` where only times of files tell, which are later.
    package var notedStop: Timestamp?
    package var systemIdentifier: UInt64?

    package init(
        path: String, origin: Origin, label: String? = nil, timeline: UInt32, start: WALPosition,
        stop: WALPosition? = nil, stopTimeline: UInt32? = nil, startedAt: Timestamp? = nil, stoppedAt: Timestamp? = nil,
        systemIdentifier: UInt64? = nil
    ) {
        self.path = path
        self.origin = origin
        self.label = label
        self.timeline = timeline
        self.start = start
        self.stop = stop
        self.stopTimeline = stopTimeline
        self.startedAt = startedAt
        self.stoppedAt = stoppedAt
        self.systemIdentifier = systemIdentifier
    }

    /// The size of segments that has the start in that segment; `nil` where several have, or none.
    var segmentSize: WALSegmentSize? {
        guard let startSegment else { return nil }
        let sizes = (20...30).compactMap { WALSegmentSize(bytes: 1 << UInt64($0)) }.filter {
            startSegment.number($0) == $0.number(at: start)
        }
        return sizes.count == 1 ? sizes.first : nil
    }

    /// All that was committed until then is in it when it is consistent.
    var holdsUntil: Timestamp? { notedStop ?? startedAt }

    /// The last byte that recovery needs at least.
    var lastNeeded: WALPosition { WALPosition(bytes: max(start.bytes, max(stop?.bytes ?? 0, 1) - 1)) }
}
