internal import Backups

/// When something is due, by the clock on the wall: `0 4 * * 0`, `30 2 1,15 * *`, `*/15 22-23 * jan-mar mon-fri`, `@daily`.
///
/// Five fields as crontab(5) of Vixie cron has them: minute, hour, day of month, month, day of week. When both days are
/// restricted, either one will do (POSIX.1-2024, crontab); a field that begins with `*` is not restricted.
package struct CronExpression: Sendable, Equatable, CustomStringConvertible {
    /// What ``init(_:)`` takes, for messages.
    package static let expectation =
        "five cron fields such as \"0 4 * * 0\", or @hourly, @daily, @weekly, @monthly, @yearly"

    private static let words = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// As it was written.
    package let description: String
    /// A bit for each value, of each field.
    let minutes, hours, days, months, weekdays: UInt64
    /// Whether both days have to match, and not one of them.
    let needsBothDays: Bool
    /// Whether it follows the hours as they pass and not as they are named: the hour begins with `*`. Such a job runs in
    /// each hour that there is; another one once a day, also where its hour is missing or comes twice.
    let isForEachHour: Bool

    /// - Throws: ``ScheduleProblem`` that names the field and what is allowed in it; also for a day that never comes.
    package init(_ text: some StringProtocol) throws {
        description = String(text)
        let expanded = Self.words[text.lowercased()] ?? description
        if expanded.hasPrefix("@") {
            throw ScheduleProblem("\"\(text)\" is not known: write \(Self.expectation)")
        }
        let fields = expanded.split { $0 == " " || $0 == "\t" }
        guard fields.count == 5 else {
            throw ScheduleProblem(
                "\"\(text)\" has \(Quantity.count(UInt64(fields.count), "field")): write \(Self.expectation)")
        }
        let masks = try zip(CronField.allCases, fields).map { try $0.mask($1) }
        (minutes, hours, days, months, weekdays) = (masks[0], masks[1], masks[2], masks[3], masks[4])
        isForEachHour = fields[1].hasPrefix("*")
        needsBothDays = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
        if needsBothDays, !hasPossibleDay {
            throw ScheduleProblem("\"\(text)\" never comes: no month it names has such a day")
        }
    }

    /// Whether one of the months ever has one of the days. It then also has it on each day of the week: the calendar's
    /// 400 years are whole weeks, and 29 February falls on all seven of them.
    private var hasPossibleDay: Bool {
        let lengths: [UInt64] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths.enumerated().contains { index, length in
            months & 1 << UInt64(index + 1) != 0 && days & (2 << length - 1) != 0
        }
    }
}
