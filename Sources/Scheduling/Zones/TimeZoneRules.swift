package import Backups

/// When the clocks of a time zone are set, and by how much.
///
/// Without Foundation, whose own time zones need ICU data of many megabytes in the process.
package struct TimeZoneRules: Sendable, Equatable {
    /// A moment at which the clocks are set.
    struct Transition: Sendable, Equatable {
        /// Seconds since 1970 in UTC.
        let start: Int64
        /// Seconds east of UTC from then on.
        let offset: Int64
    }

    package static let utc = TimeZoneRules(name: "UTC", initialOffset: 0, transitions: [], annualRule: nil)

    /// As it was asked for: `UTC`, `Europe/Berlin`.
    package let name: String
    private let initialOffset: Int64
    /// The earliest first.
    private let transitions: [Transition]
    /// What holds after the last of ``transitions``.
    private let annualRule: AnnualClockRule?

    init(name: String, initialOffset: Int64, transitions: [Transition], annualRule: AnnualClockRule?) {
        self.name = name
        self.initialOffset = initialOffset
        self.transitions = transitions
        self.annualRule = annualRule
    }

    /// Seconds east of UTC at `moment`.
    package func offset(at moment: Timestamp) -> Int64 { span(at: moment.seconds).offset }

    /// - Parameter seconds: since 1970 in UTC.
    func span(at seconds: Int64) -> ZoneSpan {
        guard let last = transitions.last, seconds < last.start else { return spanAfterTable(at: seconds) }
        let index = transitions.partitioningIndex { $0.start > seconds }
        return span(before: index, of: transitions)
    }

    private func spanAfterTable(at seconds: Int64) -> ZoneSpan {
        let end = transitions.last?.start ?? .min
        guard let annualRule else { return span(before: transitions.count, of: transitions) }
        let year = CalendarDay.split(seconds: seconds).day.year
        // The last two of the table tell what the clocks were set from.
        let known =
            Array(transitions.suffix(2)) + annualRule.transitions(years: year - 1...year + 1).filter { $0.start > end }
        return span(before: known.partitioningIndex { $0.start > seconds }, of: known)
    }

    /// The span that ends with `list[index]`.
    private func span(before index: Int, of list: [Transition]) -> ZoneSpan {
        ZoneSpan(
            start: index > 0 ? list[index - 1].start : .min,
            end: index < list.count ? list[index].start : .max,
            offset: index > 0 ? list[index - 1].offset : initialOffset,
            previousOffset: index > 1 ? list[index - 2].offset : initialOffset)
    }
}

extension Array {
    /// The first index whose element `isSecond` holds for; it holds for all that follow.
    func partitioningIndex(where isSecond: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
