import Backups

/// One thing that is wrong with a base backup.
struct BaseBackupFlaw: Sendable, Equatable {
    let path: DataPath
    let reason: Reason
    /// A sentence without its full stop.
    let message: String
}
