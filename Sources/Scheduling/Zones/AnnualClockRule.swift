internal import Backups

/// What a zone does every year from now on: its standard time and, where it has one, its daylight-saving time.
///
/// Source: POSIX.1-2024, "Environment Variables", `TZ`, as the footer of TZif files has it (RFC 8536, sections 3.3 and
/// 3.3.1: hours of a rule go from -167 to 167).
struct AnnualClockRule: Sendable, Equatable {
    /// A day of each year.
    enum Day: Sendable, Equatable {
        /// `Jn`: 1 to 365; 29 February is never counted.
        case withoutLeapDay(Int64)
        /// `n`: 0 to 365.
        case ofYear(Int64)
        /// `Mm.w.d`: week 5 is the last one; 0 is Sunday.
        case weekday(month: Int64, week: Int64, weekday: Int64)
    }

    struct Change: Sendable, Equatable {
        let day: Day
        /// Seconds after 00:00 on the clock that is still in force; may be negative, or more than a day.
        let second: Int64
    }

    struct Daylight: Sendable, Equatable {
        /// Seconds east of UTC.
        let offset: Int64
        let begin: Change
        let end: Change
    }

    /// Seconds east of UTC of standard time.
    let standardOffset: Int64
    let daylight: Daylight?

    /// When the clocks are set in these years, the earliest first.
    func transitions(years: ClosedRange<Int64>) -> [TimeZoneRules.Transition] {
        guard let daylight else { return [] }
        var found: [TimeZoneRules.Transition] = []
        for year in years {
            if let begin = daylight.begin.localSeconds(in: year), let end = daylight.end.localSeconds(in: year) {
                found.append(TimeZoneRules.Transition(start: begin - standardOffset, offset: daylight.offset))
                found.append(TimeZoneRules.Transition(start: end - daylight.offset, offset: standardOffset))
            }
        }
        return found.sorted { $0.start < $1.start }
    }
}

extension AnnualClockRule.Change {
    /// Seconds since 1970-01-01 00:00 on the local clock; `nil` outside the years 1 to 9999.
    func localSeconds(in year: Int64) -> Int64? {
        day.daysSince1970(in: year).map { $0 * 86_400 + second }
    }
}

extension AnnualClockRule.Day {
    func daysSince1970(in year: Int64) -> Int64? {
        guard let newYear = CalendarDay(year: year, month: 1, day: 1) else { return nil }
        switch self {
        case .ofYear(let day): return newYear.daysSince1970 + day
        case .withoutLeapDay(let day):
            let hasLeapDay = CalendarDay(year: year, month: 2, day: 29) != nil
            return newYear.daysSince1970 + day - 1 + (hasLeapDay && day >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            guard let first = CalendarDay(year: year, month: month, day: 1) else { return nil }
            var day = 1 + (weekday - first.weekday + 7) % 7 + (week - 1) * 7
            if CalendarDay(year: year, month: month, day: day) == nil { day -= 7 }
            return first.daysSince1970 + day - 1
        }
    }
}
