package import Backups

extension BackupRepository {
    /// Its backups as a location lists them: those that are complete. What failed, or is under way, is none.
    package func listing(_ cancellation: Cancellation) throws -> LocationListing {
        let backups = try backups(cancellation)
        let entries = try backups.filter(\.isComplete).map { backup in
            guard let size = backup.storedSize, backup.startedAt != nil || backup.stoppedAt != nil else {
                throw Obstacle(
                    .unsupportedFormat, "\(address) does not say when \(backup.label) was made, and how large it is",
                    hint: "Name a command that lists its backups, list: docs/tools.md.")
            }
            var entry = LocationEntry(
                path: backup.label,
                identity: BackupIdentity(
                    path: address.naming(backup.label).description, sizeBytes: size,
                    modified: backup.moment))
            entry.times = ManifestTimes(dataAsOf: backup.startedAt, completedAt: backup.stoppedAt)
            return entry
        }
        return LocationListing(
            entries: entries, skipped: Set(backups.flatMap(\.unseen)).sorted(), hasOwnTime: false)
    }
}
