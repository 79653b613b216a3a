package import Backups

extension BackupSettings {
    /// What the path of an entry of the location tells if it is a backup, else `nil`.
    ///
    /// Without a pattern every file of the location itself is one, but for the file of `globals`.
    package func match(_ entry: LocationEntry) -> BackupMatch? {
        guard entry.path != globals else { return nil }
        guard let match else { return entry.path.contains("/") ? nil : BackupMatch() }
        return match.match(entry.path)
    }

    /// An entry that matches, as a catalog sees it. What a manifest tells of its times goes before its name; without
    /// either the file's own time remains.
    package func candidate(_ entry: LocationEntry, _ match: BackupMatch, _ manifest: ManifestTimes?)
        -> Catalog.Candidate
    {
        let (start, end) = clock.means == .start ? (match.time, nil) : (nil, match.time)
        return Catalog.Candidate(
            entry: entry, dataAsOf: manifest?.dataAsOf ?? start, completedAt: manifest?.completedAt ?? end)
    }
}
