package import Backups

/// The hours of the day in which verifications may start: `22:00-06:00`. A run that has started may end outside.
package struct DailyWindow: Sendable, Equatable, CustomStringConvertible {
    /// What ``init(_:)`` takes, for messages.
    package static let expectation = "two times of day such as 22:00-06:00"

    /// Seconds after 00:00 on the clock; the end may be before the start, and is not part of it.
    package let start: Int64
    package let end: Int64
    /// When it opens.
    private let opening: CronExpression

    /// - Throws: ``ScheduleProblem``; also when it would never be open, or always.
    package init(_ text: some StringProtocol) throws {
        let times = text.split(separator: "-", omittingEmptySubsequences: false).map {
            Self.seconds(String($0).filter { $0 != " " })
        }
        guard times.count == 2, let start = times[0], let end = times[1], start < 86_400 else {
            throw ScheduleProblem("\"\(text)\" is no window: write \(Self.expectation)")
        }
        guard start != end, (start, end) != (0, 86_400) else {
            throw ScheduleProblem("\"\(text)\" is no window: leave it out when any time will do")
        }
        (self.start, self.end) = (start, end)
        opening = try CronExpression("\(start / 60 % 60) \(start / 3600) * * *")
    }

    /// `22:00`, `6:00`, `24:00`.
    private static func seconds(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text.first?.isNumber == true, parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts[1].first?.isNumber == true,
            let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), minute < 60,
            hour < 24 || (hour, minute) == (24, 0)
        else { return nil }
        return Int64(hour) * 3600 + Int64(minute) * 60
    }

    package var description: String {
        func clock(_ seconds: Int64) -> String {
            func pair(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return "\(pair(seconds / 3600)):\(pair(seconds / 60 % 60))"
        }
        return "\(clock(start))-\(clock(end))"
    }

    /// Seconds from its start to its end on the clock.
    var length: Int64 { end > start ? end - start : end - start + 86_400 }

    /// Whether the clocks of `zone` show a time inside it.
    package func contains(_ moment: Timestamp, in zone: TimeZoneRules) -> Bool {
        let second = CalendarDay.split(seconds: moment.seconds + zone.offset(at: moment)).second
        return start < end ? (start..<end).contains(second) : second >= start || second < end
    }

    /// `moment` when it is open then, else when it opens next; `nil` when it does not within days. A window that clocks
    /// skip as they are set forward stays closed that day.
    package func opening(from moment: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        if contains(moment, in: zone) { return moment }
        var candidate = moment
        for _ in 0..<4 {
            guard let next = opening.next(after: candidate, in: zone) else { return nil }
            if contains(next, in: zone) { return next }
            candidate = next
        }
        return nil
    }
}
