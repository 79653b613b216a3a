package import Backups

extension CronExpression {
    /// The first moment after `moment` at which it is due; `nil` when there is none in the next 400 years.
    ///
    /// Where clocks are set forward, what falls into the missing time is due once, at the first moment after it; where
    /// they are set back, it is due the first time and not the second (cron(8) of Vixie cron, "Daylight Saving Time and
    /// other time changes"). With a star for the hour it is due whenever a clock shows a minute that matches.
    package func next(after moment: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        var from = moment.seconds + 1
        let limit = from + 401 * 366 * 86_400
        while from < limit {
            let span = zone.span(at: from)
            var lower = from + span.offset
            if !isForEachHour {
                if let gap = span.gap, from == span.start,
                    firstMatch(from: gap.lowerBound, before: gap.upperBound) != nil
                {
                    return Timestamp(seconds: span.start)
                }
                if let repeated = span.repeated { lower = max(lower, repeated.upperBound) }
            }
            let upper = span.end == .max ? limit + span.offset : span.end + span.offset
            if let local = firstMatch(from: lower, before: upper) { return Timestamp(seconds: local - span.offset) }
            guard span.end < .max else { return nil }
            from = span.end
        }
        return nil
    }

    /// - Parameter lower: local seconds since 1970, as `upper`.
    private func firstMatch(from lower: Int64, before upper: Int64) -> Int64? {
        guard lower < upper else { return nil }
        let start = CalendarDay.split(seconds: lower + 59)
        var day = start.day
        var minute = Int(start.second / 60)
        while day.daysSince1970 * 86_400 < upper {
            guard months & 1 << UInt64(day.month) != 0 else {
                guard let next = day.startOfNextMonth else { return nil }
                (day, minute) = (next, 0)
                continue
            }
            if matches(day), let found = firstMinute(from: minute) {
                let local = day.daysSince1970 * 86_400 + Int64(found) * 60
                return local < upper ? local : nil
            }
            (day, minute) = (CalendarDay(daysSince1970: day.daysSince1970 + 1), 0)
        }
        return nil
    }

    private func matches(_ day: CalendarDay) -> Bool {
        let isDay = days & 1 << UInt64(day.day) != 0
        let isWeekday = weekdays & 1 << UInt64(day.weekday) != 0
        return needsBothDays ? isDay && isWeekday : isDay || isWeekday
    }

    /// The first minute of a day, from `start` on, that matches.
    private func firstMinute(from start: Int) -> Int? {
        let hour = start / 60
        if hours & 1 << UInt64(hour) != 0, let minute = Self.firstBit(of: minutes, from: start % 60) {
            return hour * 60 + minute
        }
        guard let later = Self.firstBit(of: hours, from: hour + 1), let minute = Self.firstBit(of: minutes, from: 0)
        else { return nil }
        return later * 60 + minute
    }

    private static func firstBit(of mask: UInt64, from start: Int) -> Int? {
        let rest = mask >> UInt64(start)
        return rest == 0 ? nil : start + rest.trailingZeroBitCount
    }
}
