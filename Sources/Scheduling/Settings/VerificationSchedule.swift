internal import Backups

/// When the backups of one database are verified, and which of them.
package struct VerificationSchedule: Sendable, Equatable {
    /// What makes a turn due.
    package enum Trigger: Sendable, Equatable {
        /// At times on the clock of the schedule's zone.
        case cron(CronExpression)
        /// This long after the last turn began, and at once when there was none.
        case every(Duration)
        /// Whenever the newest complete backup has not been verified yet.
        case afterEachBackup
    }

    /// Without `schedule` and `verify_every`.
    package static let defaultInterval = Duration.seconds(7 * 86_400)
    /// What `schedule` may be, for messages.
    package static let expectation = "after_each_backup, or \(CronExpression.expectation)"

    package var trigger: Trigger
    /// Of cron expressions and the window.
    package var zone: TimeZoneRules
    /// Turns start only then; `nil` for any time.
    package var window: DailyWindow?
    package var selection: BackupSelection
    /// Only what is asked for by hand is verified.
    package var isSuspended: Bool
    /// Most that a start may be put off to spread the load; see ``Jitter``.
    package var jitter: Duration

    package init(
        _ trigger: Trigger = .every(defaultInterval), zone: TimeZoneRules = .utc, window: DailyWindow? = nil,
        selection: BackupSelection = BackupSelection(), isSuspended: Bool = false, jitter: Duration = Jitter.standard
    ) {
        self.trigger = trigger
        self.zone = zone
        self.window = window
        self.selection = selection
        self.isSuspended = isSuspended
        self.jitter = jitter
    }

    /// Reads `schedule` (a cron expression or `after_each_backup`) and, where there is none, `verify_every`; without
    /// either, every seven days.
    /// - Throws: ``ScheduleProblem``.
    package static func trigger(schedule: String?, verifyEvery: Duration?) throws -> Trigger {
        switch schedule {
        case "after_each_backup": return .afterEachBackup
        case let text?: return .cron(try CronExpression(text))
        case nil:
            let interval = verifyEvery ?? defaultInterval
            guard interval >= .seconds(60) else { throw ScheduleProblem("verify_every must be at least 1m") }
            return .every(interval)
        }
    }
}

/// Which backups a turn takes: `select: { latest: true, random_older: 1 }`.
package struct BackupSelection: Sendable, Equatable {
    /// The newest complete one.
    package var latest: Bool
    /// How many of the others; those that were never verified first, then those verified longest ago.
    package var randomOlder: Int

    package init(latest: Bool = true, randomOlder: Int = 0) {
        self.latest = latest
        self.randomOlder = randomOlder
    }
}
