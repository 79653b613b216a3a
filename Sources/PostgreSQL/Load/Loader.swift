package import Backups

/// Loads one backup into a scratch server.
package protocol Loader {
    /// Restores all of it and keeps every error. Blocks; call it on a thread of its own.
    /// - Returns: what was restored, and what the errors say of the backup.
    /// - Throws: ``Obstacle`` when the load could not be finished, ``ContentDamage`` when the backup's bytes are not what
    ///   the integrity pass saw.
    func load(into target: any LoadTarget, cancellation: Cancellation, progress: any ProgressObserver) throws
        -> LoadOutcome
}
