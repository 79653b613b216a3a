package import Backups

/// What the files in `pg_wal/archive_status` say. A file that waits to be archived has one that ends with `.ready`; it is
/// renamed to `.done` afterwards, which keeps its time of modification: the moment the file was finished
/// (`XLogArchiveNotify` and `pgarch_archiveDone` in PostgreSQL's sources).
package struct ArchiveStatus: Sendable, Equatable {
    private let size: WALSegmentSize
    /// Files that wait, of all kinds: the archiver takes them one after the other, so one that fails holds up all.
    package private(set) var waiting: UInt64 = 0
    /// When the oldest of them was finished.
    package private(set) var oldestWaiting: Timestamp?
    /// The first segment that waits, by its number. A `.partial` does not count: nothing is lost with it that the same
    /// segment of the next timeline does not hold.
    package private(set) var firstWaitingSegment: UInt64?
    /// When segments were finished whose status file is still there, by number.
    private var finished: [UInt64: Timestamp] = [:]

    package init(_ size: WALSegmentSize) { self.size = size }

    /// - Parameters:
    ///   - name: of the status file, as `000000010000000000000003.ready`. Others than the archiver's are passed over.
    ///   - modified: by the server's clock.
    package mutating func see(_ name: some StringProtocol, modified: Timestamp) {
        let isWaiting = name.hasSuffix(".ready")
        guard isWaiting || name.hasSuffix(".done"),
            let file = WALFileName(name.dropLast(isWaiting ? ".ready".count : ".done".count))
        else { return }
        if isWaiting {
            waiting += 1
            oldestWaiting = min(oldestWaiting ?? modified, modified)
        }
        guard case .segment(_, let high, let low) = file else { return }
        let number = size.number(high: high, low: low)
        // A timeline's first segment has the number of the last one of the timeline before; the later file is the one
        // that the log went on after.
        finished[number] = max(finished[number] ?? modified, modified)
        if isWaiting { firstWaitingSegment = min(firstWaitingSegment ?? number, number) }
    }

    /// When segment `number` was finished; `nil` where its status file is gone.
    func finished(_ number: UInt64) -> Timestamp? { finished[number] }
}
