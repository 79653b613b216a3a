import Backups

/// Which segments an archive held at one moment: what a recovery is held against.
package struct ArchivedSegments: Sendable {
    package private(set) var names: Set<WALSegmentName> = []
    /// Timelines whose history is there.
    private(set) var histories: Set<UInt32> = []
    /// As it was listed, for those who read it; `nil` where nothing was.
    package private(set) var listing: WALArchiveListing?
    /// When the first copy of each was stored, in seconds since 1970; empty where that is not known.
    private var stored: [WALSegmentName: UInt32] = [:]
    private var archive: (any WALArchiveSource)?
    /// Whether it is known what the archive holds; otherwise nothing can be held against it.
    private(set) var isListed = true

    /// Of an archive that nobody can list.
    package static let unlisted = {
        var archived = ArchivedSegments()
        archived.isListed = false
        return archived
    }()

    /// - Parameters:
    ///   - histories: timelines whose history is there.
    ///   - stored: when, where that is known.
    package init(
        _ names: some Sequence<WALSegmentName> = [], histories: Set<UInt32> = [],
        stored: [WALSegmentName: UInt32] = [:]
    ) {
        self.names = Set(names)
        (self.histories, self.stored) = (histories, stored)
    }

    /// Lists all of the archive.
    /// - Throws: ``Obstacle`` when it can't be listed.
    package init(_ archive: any WALArchiveSource) throws {
        let listing = try WALArchiveListing(archive)
        for (timeline, segments) in listing.segments {
            for segment in segments {
                let name = WALSegmentName(timeline: timeline, high: segment.high, low: segment.low)
                names.insert(name)
                stored[name] = min(segment.modified, stored[name] ?? .max)
            }
        }
        histories = Set(listing.histories.keys)
        self.listing = listing
        self.archive = archive
    }

    /// What it holds now; `nil` where nothing was listed.
    /// - Throws: ``Obstacle`` when it can't be listed.
    func listedAgain() throws -> ArchivedSegments? { try archive.map { try ArchivedSegments($0) } }

    /// Whether `name` was stored so lately that what comes before it may be on its way.
    func isStored(_ name: WALSegmentName, in span: LateSpan) -> Bool { stored[name].map { span.contains($0) } ?? false }

    /// A timeline that goes on beside the newest one of `way`; as of ``RivalSearch``.
    func rival(
        along way: TimelineHistory, from start: WALPosition, _ size: WALSegmentSize, late: LateSpan, grace: Duration
    ) -> RivalTimeline? {
        if let listing { return listing.rival(along: way, from: start, size, late: late, grace: grace) }
        var search = RivalSearch(way, from: start, size, late: late, grace: grace)
        for (name, moment) in stored {
            if let number = name.number(size) { search.note(name.timeline, number, stored: moment) }
        }
        return search.rival
    }

    /// The newest segment that recovery along `history` must come to; `nil` when it passes none.
    ///
    /// Of a timeline that was left only the segments up to where it was left count. The last timeline of `history` is the
    /// one that the recovered server began by itself: the archive knows nothing of it.
    func newest(along history: TimelineHistory, _ size: WALSegmentSize) -> UInt64? {
        guard let last = history.switches.last else { return nil }
        return history.switches.compactMap { part -> UInt64? in
            let numbers = names.lazy.filter { $0.timeline == part.timeline }.compactMap { $0.number(size) }
            guard part != last else { return numbers.max() }
            let end = size.number(before: part.position)
            return numbers.filter { $0 <= end }.max()
        }.max()
    }

    /// The newest timeline with segments from `start` to `last`, and the first of these. What a branch left there long ago
    /// is none of a recovery's that begins behind it.
    func newestTimeline(from start: UInt64, to last: UInt64, _ size: WALSegmentSize) -> WALSegmentName? {
        let behind = names.lazy.filter { $0.number(size).map { $0 >= start && $0 <= last } ?? false }
        guard let timeline = behind.map(\.timeline).max() else { return nil }
        return behind.filter { $0.timeline == timeline }.min()
    }
}
