/// A day on a calendar on the wall, for schedules; arithmetic as in ``CivilDate``.
package struct CalendarDay: Sendable, Equatable {
    /// Since 1970-01-01, which was a Thursday.
    package let daysSince1970: Int64
    package let year: Int64
    /// 1 to 12.
    package let month: Int64
    /// 1 to 31.
    package let day: Int64

    package init(daysSince1970: Int64) {
        let date = CivilDate(daysSince1970: daysSince1970)
        self.daysSince1970 = daysSince1970
        (year, month, day) = (date.year, date.month, date.day)
    }

    /// - Returns: `nil` for a day that the calendar does not have, or outside the years 1 to 9999.
    package init?(year: Int64, month: Int64, day: Int64) {
        guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
        self.init(daysSince1970: date.daysSince1970)
    }

    /// 0 for Sunday to 6 for Saturday.
    package var weekday: Int64 { (daysSince1970 + 4).flooredRemainder(7) }

    /// The first day of the next month; `nil` after the year 9999.
    package var startOfNextMonth: CalendarDay? {
        CalendarDay(year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1, day: 1)
    }

    /// Splits seconds since 1970-01-01 00:00 of any clock into the day and the second of that day.
    package static func split(seconds: Int64) -> (day: CalendarDay, second: Int64) {
        (CalendarDay(daysSince1970: seconds.flooredQuotient(86_400)), seconds.flooredRemainder(86_400))
    }
}
