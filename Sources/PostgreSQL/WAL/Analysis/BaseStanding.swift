package import Backups

/// What an archive can do for one base backup.
package struct BaseStanding: Sendable, Equatable {
    package var base: BaseBackup
    package var state: WALArchiveReport.Base.State
    /// The timeline that recovery from it ends on.
    package var target: UInt32
    /// Segments that are there, and needed, from its start to the newest.
    package var present: UInt64 = 0
    package var newest: WALSegmentName?
    package var missing: [MissingSegments] = []
    /// Missing too, but what lies behind them came so lately that they may be on their way.
    package var late: [MissingSegments] = []
    /// Those of ``missing`` whose later neighbour was stored at a time that has not come yet.
    package var undated: [MissingSegments] = []
    /// Timelines that have segments, but no history that leads there.
    package var unlinked: [UInt32] = []
    /// The timeline that PostgreSQL's `recovery_target_timeline = latest` would choose, where recovery from this base
    /// backup can't follow it there.
    package var misleadingLatest: UInt32?
    /// The first byte that can't be replayed any more, and the timeline up to it; `nil` where not even the first
    /// segment is there.
    package var end: WALEnd?

    package var missingCount: UInt64 { missing.reduce(0) { $0 + $1.count } }
    package var lateCount: UInt64 { late.reduce(0) { $0 + $1.count } }
    package var isUnbroken: Bool { missing.isEmpty && unlinked.isEmpty }
}

extension [BaseStanding] {
    /// What is missing counts from these on; those that lead to the newest timeline first.
    var judged: [BaseStanding] { JudgedBases.places(map { (state: $0.state, target: $0.target) }).map { self[$0] } }
}

/// A place at which the replay of an archive ends.
package struct WALEnd: Sendable, Equatable {
    package var timeline: UInt32
    package var position: WALPosition

    package init(timeline: UInt32, position: WALPosition) {
        self.timeline = timeline
        self.position = position
    }
}

/// Segments in a row that are not there.
package struct MissingSegments: Sendable, Hashable {
    package var first: WALSegmentName
    package var last: WALSegmentName
    package var count: UInt64
}
