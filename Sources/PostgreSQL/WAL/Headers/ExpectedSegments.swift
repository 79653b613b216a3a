/// What is known of the segments of an archive before, and after, the first of them was seen.
struct ExpectedSegments: Sendable {
    /// `nil` before the first.
    var identity: SegmentCensus.Identity?
    /// Of the cluster that they must be of, where that is known from elsewhere.
    var systemIdentifier: UInt64?
    var histories: [UInt32: TimelineHistory] = [:]

    /// What is wrong with a segment of that name that begins so; `nil` when all is as it should be.
    func flaw(of header: WALPageHeader, _ name: WALSegmentName) -> SegmentFlaw? {
        let own = SegmentCensus.Identity(size: header.segmentSize, systemIdentifier: systemIdentifier)
        if let flaw = SegmentRules(identity: identity ?? own, histories: histories).flaw(of: header, name) {
            return flaw
        }
        // The first page of one that comes next in the log fits its name, whatever the size.
        guard let size = identity?.size, header.segmentSize != size else { return nil }
        return .wrongLength(header.segmentSize.bytes, of: size.bytes)
    }
}
