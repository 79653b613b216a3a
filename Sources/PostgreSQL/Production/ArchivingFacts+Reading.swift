package import Backups

extension ArchivingFacts {
    /// How far the archive is behind, from what the server said.
    ///
    /// A server that is idle, or has archived all it finished, has a lag of 0; one that never archived lags from its first
    /// finished segment on. What is not known is `nil`.
    /// - Returns: `nil` where this server archives nothing.
    package init?(_ reading: ProductionReading) {
        guard reading.isArchiving else { return nil }
        self.init(
            readySegments: reading.status?.waiting, archivedSegments: reading.archiver.archived,
            failures: reading.archiver.failures, lastSuccess: reading.archiver.lastSuccess,
            lastFailure: reading.archiver.lastFailure)
        if let status = reading.status {
            lagSeconds = status.oldestWaiting.map { reading.age(of: $0) } ?? 0
        }
        guard let unarchived = reading.unarchived else { return }
        unarchivedBytes = unarchived.bytes
        unarchivedAgeSeconds = unarchived.bytes == 0 ? 0 : unarchived.begun.map { reading.age(of: $0) }
    }
}

extension ProductionReading {
    /// Seconds; a file system's clock may be a little ahead of the server's.
    fileprivate func age(of moment: Timestamp) -> Double { max(0, takenAt.seconds(since: moment)) }

    /// What is written and not archived, and when the oldest of it was written at the latest.
    ///
    /// Counted from the first segment that is not archived: what comes after a missing one is of no use to a recovery.
    fileprivate var unarchived: (bytes: UInt64, begun: Timestamp?)? {
        guard let position else { return nil }
        guard let status else {
            return archivedUpTo.map { (position.bytes - min($0.bytes, position.bytes), archiver.lastSuccess) }
        }
        let current = segmentSize.number(at: position)
        // One that was finished after the position was read is no longer the unfinished one, but not yet behind it.
        let first = min(status.firstWaitingSegment ?? current, current)
        let start = segmentSize.start(of: first)
        return (position.bytes - min(start.bytes, position.bytes), begun(first, status))
    }

    /// A segment is begun when the one before it is finished. Where that one's status file is gone (a checkpoint removes
    /// it with the segment), it was at the latest when the segment itself was finished, or when the last file before it
    /// was archived.
    private func begun(_ segment: UInt64, _ status: ArchiveStatus) -> Timestamp? {
        if segment > 0, let before = status.finished(segment - 1) { return before }
        if status.firstWaitingSegment == segment { return status.finished(segment) }
        return archiver.lastSuccess
    }

    /// How far the archive reaches by the archiver's own word, for roles that may not look at the status files.
    private var archivedUpTo: WALPosition? {
        switch archiver.lastArchived {
        case .segment(let timeline, let high, let low):
            let number = segmentSize.number(high: high, low: low)
            // The new timeline has a segment of the same number, which is not archived by that.
            let isWhole = self.timeline.map { $0 == timeline } ?? true
            return segmentSize.start(of: isWhole ? number + 1 : number)
        case .partial(_, let high, let low), .backup(_, let high, let low):
            return segmentSize.start(of: segmentSize.number(high: high, low: low))
        case .history, nil:
            return nil
        }
    }
}
