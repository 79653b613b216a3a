package import Backups

extension BackupSettings {
    /// Whether an entry of the location is a backup of this database, and the time that its name tells.
    ///
    /// A pattern with a `/` is about the path below the location, any other about names in the location itself. Without a
    /// pattern every file of the location is one, but for the file of `globals`.
    package func match(_ entry: LocationEntry) -> BackupMatch? {
        guard entry.path != globals else { return nil }
        guard let match else { return entry.path.contains("/") ? nil : BackupMatch(time: nil) }
        if entry.path.contains("/"), !match.text.contains("/") { return nil }
        let result = match.match(entry.path)
        return result.isMatch ? BackupMatch(time: result.time) : nil
    }
}

/// An entry is a backup.
package struct BackupMatch: Sendable, Equatable {
    /// What its name tells of the moment whose data it shows.
    package let time: Timestamp?
}
