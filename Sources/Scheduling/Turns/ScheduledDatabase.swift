package import Backups

/// A configured database, as the scheduler hears of it at the start and at each reload.
package struct ScheduledDatabase: Sendable {
    package var name: String
    package var schedule: VerificationSchedule
    /// When it was first configured; a turn missed since then is made up for.
    package var monitoredSince: Timestamp
    /// The last finished run of each backup, from the history; read only when the name is new to the scheduler.
    package var lastRuns: [BackupIdentity: RunSummary]
    /// `nil` where none is configured.
    package var drill: ScheduledDrill?

    package init(
        name: String, schedule: VerificationSchedule, monitoredSince: Timestamp,
        lastRuns: [BackupIdentity: RunSummary] = [:], drill: ScheduledDrill? = nil
    ) {
        self.name = name
        self.schedule = schedule
        self.monitoredSince = monitoredSince
        self.lastRuns = lastRuns
        self.drill = drill
    }
}

/// The drills of a database, beside its verifications.
package struct ScheduledDrill: Sendable {
    package var schedule: VerificationSchedule
    /// When it was first configured; a turn missed since then is made up for.
    package var since: Timestamp
    /// The last finished drills, the newest first, from the history: ``remembered`` at most. Read only when the drill is new to
    /// the scheduler.
    package var last: [RunSummary]

    /// So many without a verdict, in a row, wait as long as any number.
    package static let remembered = RetryDelay.mostAttempts

    package init(schedule: VerificationSchedule, since: Timestamp, last: [RunSummary] = []) {
        self.schedule = schedule
        self.since = since
        self.last = last
    }
}

/// How the verification of one backup ended.
package struct RunOutcome: Sendable, Equatable {
    package var backup: BackupIdentity
    package var verdict: Verdict
    package var reason: Reason?

    package init(backup: BackupIdentity, verdict: Verdict, reason: Reason? = nil) {
        self.backup = backup
        self.verdict = verdict
        self.reason = reason
    }
}

/// What the shell is to do now.
package enum SchedulerAction: Sendable, Equatable {
    /// Verify these backups of `database` one after the other, and then call ``Scheduler/finished(_:_:at:)``. For the
    /// scheduler they run from now on.
    case start(database: String, backups: [BackupIdentity])
    /// Make a drill of `database`, and then call ``Scheduler/finished(_:_:at:)`` with its outcome, of whatever base backup. For
    /// the scheduler it runs from now on.
    case drill(database: String)
}
