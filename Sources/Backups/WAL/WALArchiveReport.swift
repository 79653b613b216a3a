/// What was found out about an archive of PostgreSQL's write-ahead log: how far each base backup can be brought, what is
/// missing, and between which moments one can recover.
package struct WALArchiveReport: Sendable, Equatable {
    package var location: String
    /// Of a segment, in bytes; `nil` where no segment tells it.
    package var segmentSizeBytes: UInt64?
    package var systemIdentifier: UInt64?
    /// Major version of the server that wrote it.
    package var major: Int?
    package var files = Files()
    /// In order.
    package var timelines: [Timeline] = []
    /// The oldest first.
    package var bases: [Base] = []
    package var window = Window()
    /// Timelines that a newer one left, and that are written to all the same: nobody can tell which of them is production's.
    package var rivalTimelines: [UInt32] = []
    package var checks: [Check] = []
    package var seconds = Seconds()

    package init(location: String) { self.location = location }

    package var verdict: Verdict { Verdict.combining(checks.map(\.verdict)) }

    /// The check that the verdict comes from; `nil` when all are verified.
    package var decisive: Check? { verdict == .verified ? nil : checks.first { $0.verdict == verdict } }

    /// The oldest base backup that can be brought to a consistent state.
    package var oldestComplete: Base? { bases.first { $0.state == .complete } }

    /// How long its parts took.
    package struct Seconds: Sendable, Equatable {
        /// To list it, and to read its names.
        package var listing = 0.0
        /// From the names to what is missing.
        package var analysis = 0.0
        package var firstPages = 0.0
        package var times = 0.0

        package init() {}
    }

    package struct Files: Sendable, Equatable {
        package var segments: UInt64 = 0
        package var partials: UInt64 = 0
        package var histories: UInt64 = 0
        package var backups: UInt64 = 0
        package var unknown: UInt64 = 0
        /// Segments that are stored more than once.
        package var duplicates: UInt64 = 0

        package init() {}
    }

    package struct Timeline: Sendable, Equatable {
        package var number: UInt32
        package var parent: UInt32?
        /// Where it branched off, as PostgreSQL writes positions: `0/3000060`.
        package var branchedAt: String?
        package var first: String?
        package var last: String?
        package var segments: UInt64

        package init(
            number: UInt32, parent: UInt32?, branchedAt: String?, first: String?, last: String?, segments: UInt64
        ) {
            self.number = number
            self.parent = parent
            self.branchedAt = branchedAt
            self.first = first
            self.last = last
            self.segments = segments
        }
    }

    /// Segments in a row, by the names of their files.
    package struct Segments: Sendable, Hashable {
        package var first: String
        package var last: String
        package var count: UInt64

        package init(first: String, last: String, count: UInt64) {
            self.first = first
            self.last = last
            self.count = count
        }

        /// `first … last (3 segments)`, or the one name.
        package var text: String {
            count == 1 ? first : "\(first) … \(last) (\(Quantity.count(count, "segment")))"
        }
    }

    package struct Base: Sendable, Equatable {
        package enum State: String, Sendable {
            /// It can be brought to a consistent state.
            case complete
            /// The archive has not come to its end yet.
            case waiting
            /// WAL that it needs to become consistent is missing.
            case incomplete
            /// Only notes of it are left in an archive that begins later.
            case expired
            /// It is another cluster's than the archive's newest segments.
            case foreign
        }

        package var path: String
        package var label: String?
        package var timeline: UInt32
        package var start: String
        package var stop: String?
        package var startedAt: Timestamp?
        package var stoppedAt: Timestamp?
        package var state: State
        /// Segments that are there, from its start to the newest.
        package var segments: UInt64 = 0
        package var newest: String?
        package var missing: [Segments] = []
        package var late: [Segments] = []
        /// Timelines without a history that leads to them.
        package var unlinkedTimelines: [UInt32] = []
        /// The timeline that recovery from it ends on.
        package var targetTimeline: UInt32?
        /// The timeline that `recovery_target_timeline = latest` chooses, where recovery can't follow it there.
        package var misleadingLatest: UInt32?
        /// As far as it can be recovered.
        package var recoverableTo: String?
        package var recoverableTimeline: UInt32?

        package init(path: String, timeline: UInt32, start: String, state: State) {
            self.path = path
            self.timeline = timeline
            self.start = start
            self.state = state
        }

        package var missingCount: UInt64 { missing.reduce(0) { $0 + $1.count } }
        package var lateCount: UInt64 { late.reduce(0) { $0 + $1.count } }
        package var isUnbroken: Bool { missing.isEmpty && unlinkedTimelines.isEmpty }
    }

    /// The moments between which one can recover to any.
    package struct Window: Sendable, Equatable {
        /// When the oldest base backup was consistent from which no segment is missing up to the newest.
        package var start: Timestamp?
        /// The newest moment that can be recovered to: the newest commit, or the end of a base backup after it.
        package var end: Timestamp?
        /// The newest commit that can be replayed: only a time before it is seen to be reached.
        package var newestCommit: Timestamp?
        /// Why a moment is not known.
        package var unknown: String?

        package init(
            start: Timestamp? = nil, end: Timestamp? = nil, newestCommit: Timestamp? = nil, unknown: String? = nil
        ) {
            self.start = start
            self.end = end
            self.newestCommit = newestCommit
            self.unknown = unknown
        }
    }
}
