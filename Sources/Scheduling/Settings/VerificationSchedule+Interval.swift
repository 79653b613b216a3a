internal import Backups

extension VerificationSchedule {
    /// How often a verified restore is due where `verify_every` does not say it: ``defaultInterval``, and longer where the
    /// schedule itself pauses for longer, as `@monthly` does.
    /// - Parameter backupEvery: how often there is a new backup to verify, where that is configured.
    package func interval(backupEvery: Duration?) -> Duration {
        switch trigger {
        case .every(let interval): interval
        case .afterEachBackup: max(Self.defaultInterval, backupEvery ?? .zero)
        case .cron(let expression): max(Self.defaultInterval, expression.longestPause)
        }
    }
}

extension CronExpression {
    /// All days of the month and all months: it comes each week.
    private var isWeekly: Bool { days == 0xFFFF_FFFE && months == 0x1FFE }

    /// The longest time between two turns, to a day.
    fileprivate var longestPause: Duration {
        guard !isWeekly else { return .zero }
        var longest: Int64 = 0
        // From one 1 March of a leap year to the next: each month, and each length of February, once at least.
        var last = Timestamp(seconds: 1_709_251_200)
        let end = last.seconds + 4 * 366 * 86_400
        while last.seconds < end, let next = next(after: last, in: .utc) {
            longest = max(longest, next.seconds - last.seconds)
            // Of several turns of a day one is enough.
            last = Timestamp(seconds: max(next.seconds, last.seconds + 86_399))
        }
        return .seconds(longest)
    }
}
