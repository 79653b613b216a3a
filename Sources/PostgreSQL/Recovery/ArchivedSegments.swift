/// Which segments an archive held at one moment: what a recovery is held against.
package struct ArchivedSegments: Sendable, Equatable {
    package private(set) var names: Set<WALSegmentName> = []

    package init(_ names: some Sequence<WALSegmentName> = []) {
        self.names = Set(names)
    }

    /// Lists all of the archive.
    /// - Throws: ``Obstacle`` when it can't be listed.
    package init(_ archive: any WALArchiveSource) throws {
        try archive.list { entry in
            guard let found = ArchivedFileName(entry.path),
                case .segment(let timeline, let high, let low) = found.file
            else { return }
            names.insert(WALSegmentName(timeline: timeline, high: high, low: low))
        }
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

    var newestTimeline: UInt32? { names.lazy.map(\.timeline).max() }
}
