/// A segment as its file is named: `000000010000000A000000FF` is timeline 1, and the two halves of the segment's number
/// (`XLogFileName` in PostgreSQL's `src/include/access/xlog_internal.h`). How the halves become a number depends on the
/// size of the segments.
package struct WALSegmentName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let timeline: UInt32
    package let high: UInt32
    package let low: UInt32

    package init(timeline: UInt32, high: UInt32, low: UInt32) {
        self.timeline = timeline
        self.high = high
        self.low = low
    }

    /// Segment `number` of a timeline.
    package init(timeline: UInt32, number: UInt64, size: WALSegmentSize) {
        self.init(
            timeline: timeline, high: UInt32(truncatingIfNeeded: number / size.perHigh),
            low: UInt32(truncatingIfNeeded: number % size.perHigh))
    }

    /// - Returns: `nil` for what is not the bare name of a segment.
    package init?(_ text: some StringProtocol) {
        guard case .segment(let timeline, let high, let low) = WALFileName(text) else { return nil }
        self.init(timeline: timeline, high: high, low: low)
    }

    /// - Returns: `nil` where segments of this size have no such name.
    package func number(_ size: WALSegmentSize) -> UInt64? { size.number(checking: high, low) }

    /// The one after it on the same timeline: after the last lower half comes the next upper one.
    package func next(_ size: WALSegmentSize) -> WALSegmentName? {
        number(size).map { WALSegmentName(timeline: timeline, number: $0 + 1, size: size) }
    }

    /// - Returns: `nil` before the first.
    package func previous(_ size: WALSegmentSize) -> WALSegmentName? {
        number(size).flatMap { $0 == 0 ? nil : WALSegmentName(timeline: timeline, number: $0 - 1, size: size) }
    }

    package var description: String { Self.digits(timeline) + Self.digits(high) + Self.digits(low) }

    package static func < (left: WALSegmentName, right: WALSegmentName) -> Bool {
        (left.timeline, left.high, left.low) < (right.timeline, right.high, right.low)
    }

    static func digits(_ value: UInt32) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - text.utf8.count) + text
    }
}
