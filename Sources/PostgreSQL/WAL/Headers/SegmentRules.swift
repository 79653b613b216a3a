/// What the first page of a segment must say, for its name and its archive.
struct SegmentRules: Sendable {
    var identity: SegmentCensus.Identity
    /// Of the timelines whose history is known.
    var histories: [UInt32: TimelineHistory]

    /// - Returns: `nil` when all is as it should be.
    func flaw(of header: WALPageHeader, _ name: WALSegmentName) -> SegmentFlaw? {
        if let own = identity.systemIdentifier, header.systemIdentifier != own {
            return .foreign(header.systemIdentifier)
        }
        let number = header.segmentSize.number(at: header.address)
        let found = WALSegmentName(timeline: header.timeline, number: number, size: header.segmentSize)
        guard name.number(identity.size) == number, header.address == header.segmentSize.start(of: number) else {
            return .wrongPlace(found)
        }
        return isTimeline(header.timeline, possibleIn: name, number) ? nil : .wrongPlace(found)
    }

    /// Whether it is a segment of this cluster as it should be, but for the size that segments have now (`pg_resetwal
    /// --wal-segsize`).
    func isOutgrown(_ header: WALPageHeader, _ name: WALSegmentName) -> Bool {
        guard header.segmentSize != identity.size else { return false }
        var former = self
        former.identity.size = header.segmentSize
        return former.flaw(of: header, name) == nil
    }

    /// A new timeline begins with a copy of the segment that it branched off in: its first pages are still the old one's.
    private func isTimeline(_ timeline: UInt32, possibleIn name: WALSegmentName, _ number: UInt64) -> Bool {
        if timeline == name.timeline { return true }
        guard timeline < name.timeline else { return false }
        guard let history = histories[name.timeline] else { return true }
        return history.switches.contains {
            $0.timeline >= timeline && identity.size.number(at: $0.position) == number
        }
    }
}
