import Backups
import Integrity
import PostgreSQL

extension Check {
    /// What an error says about the backup: its bytes are at fault only when a reader of them says so. All else stood in
    /// the way of the check and says nothing.
    init(_ error: any Error, in stage: Stage) {
        switch error {
        case let damage as ContentDamage:
            self = .failed(
                damage.check, in: stage, damage.reason, damage.message,
                hint: "Restore from another backup, and make this one again.", at: damage.location)
        case let obstacle as Obstacle:
            self = .inconclusive(stage.rawValue, in: stage, obstacle)
        case let error as PostgreSQLError:
            self = .inconclusive(stage.rawValue, in: stage, error.obstacle(doing: "the stage \(stage.rawValue)"))
        default:
            self = .inconclusive(stage.rawValue, in: stage, .internalError, "\(error)")
        }
    }
}
