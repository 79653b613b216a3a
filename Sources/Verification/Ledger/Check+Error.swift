import Backups
import Integrity
import PostgreSQL

extension Check {
    /// What an error says about the backup: its bytes are at fault only when a reader of them says so. All else stood in
    /// the way of the check and says nothing.
    /// - Parameter name: of the check that could not be made; the stage's own when not given.
    init(_ error: any Error, in stage: Stage, named name: String? = nil) {
        let name = name ?? stage.rawValue
        switch error {
        case let damage as ContentDamage:
            self = .failed(
                damage.check, in: stage, damage.reason, damage.message,
                hint: "Restore from another backup, and make this one again.", at: damage.location)
        case let obstacle as Obstacle:
            self = .inconclusive(name, in: stage, obstacle)
        case let error as PostgreSQLError:
            self = .inconclusive(name, in: stage, error.obstacle(doing: "the stage \(stage.rawValue)"))
        default:
            self = .inconclusive(name, in: stage, .internalError, "\(error)")
        }
    }
}
