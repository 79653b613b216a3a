package import Backups
package import Scheduling

/// `drill` of a database: point-in-time recovery, tried out on a schedule.
package struct DrillSettings: Sendable, Equatable {
    /// How far a drill recovers.
    package enum Target: Sendable, Equatable, CustomStringConvertible {
        case fixed(RecoveryTarget)
        /// A point of the recovery window, another one each time.
        case random

        /// As ``RecoveryTarget`` reads it, or `random`.
        /// - Throws: ``RecoveryTarget/Flaw``.
        package init(_ text: String) throws {
            self = text == "random" ? .random : .fixed(try RecoveryTarget(text))
        }

        package var description: String {
            switch self {
            case .fixed(let target): "\(target)"
            case .random: "random"
            }
        }
    }

    /// Zone, window, suspension and jitter are those of the database's verifications.
    package var schedule: VerificationSchedule
    /// A verified drill is due this often.
    package var every: Duration
    package var target = Target.fixed(.latest)
    /// `nil` for the latest that the archive leads to.
    package var timeline: UInt32?
    package var queries: [QuerySettings] = []
    package var freshness: [FreshnessSettings] = []
    /// Where queries are asked; `nil` where there is only one database that they can mean.
    package var database: String?
    /// `pg_amcheck`, which reads every table and index.
    package var looksForBrokenStructures = true
    /// `nil` for that of verifications, or ``standardDeadline`` where they have none either.
    package var deadline: Duration?
    /// Of a drill that nobody gave one: one that hangs must not hold up all others for good.
    package static let standardDeadline = Duration.seconds(86_400)

    /// How long a drill may take.
    package func deadline(beside scratch: ScratchSettings) -> Duration {
        deadline ?? scratch.deadline ?? Self.standardDeadline
    }

    /// Of a database that configures none.
    package init(beside verifications: VerificationSchedule) {
        self.init(schedule: verifications, every: VerificationSchedule.defaultInterval)
    }

    package init(schedule: VerificationSchedule, every: Duration) {
        self.schedule = schedule
        self.every = every
    }
}
