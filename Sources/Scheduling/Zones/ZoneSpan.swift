/// A stretch of time in which the clocks of a zone run without a step.
struct ZoneSpan: Sendable, Equatable {
    /// Seconds since 1970 in UTC; the clocks were set at this moment. `Int64.min` for the first span of a zone.
    let start: Int64
    /// When they are set next; `Int64.max` for the last span.
    let end: Int64
    /// Seconds east of UTC in this span.
    let offset: Int64
    /// Seconds east of UTC in the span before.
    let previousOffset: Int64

    /// Local seconds that no clock showed, because it was set forward when the span began.
    var gap: Range<Int64>? {
        start > .min && offset > previousOffset ? start + previousOffset..<start + offset : nil
    }

    /// Local seconds that clocks show for the second time, because they were set back when the span began.
    var repeated: Range<Int64>? {
        start > .min && offset < previousOffset ? start + offset..<start + previousOffset : nil
    }
}
