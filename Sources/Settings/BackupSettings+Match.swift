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

    /// What the backups there are, as far as the address tells: `physical` of a repository, which keeps nothing else.
    package var kind: String { RepositoryAddress(location) == nil ? "logical" : "physical" }

    /// Where the file of ``globals`` lies: a path or an address, or relative to the location.
    package func address(ofGlobals globals: String) -> String {
        guard !globals.hasPrefix("/"), !globals.contains("://"), !globals.hasPrefix("rclone:") else { return globals }
        return location.hasSuffix("/") ? location + globals : "\(location)/\(globals)"
    }

    /// An entry that matches, as a catalog sees it. What a manifest tells of its times goes before its name; without
    /// either the file's own time remains.
    package func candidate(_ entry: LocationEntry, _ match: BackupMatch, _ manifest: ManifestTimes?)
        -> Catalog.Candidate
    {
        let named = isMisdated(entry, match) ? nil : match.time
        let (start, end) = clock.means == .start ? (named, nil) : (nil, named)
        return Catalog.Candidate(
            entry: entry, dataAsOf: manifest?.dataAsOf ?? start, completedAt: manifest?.completedAt ?? end)
    }

    /// Its name says a moment after the file was last written to, which can't be: a wrong year would make it the newest
    /// until that year comes. A day is left for time zones and clocks.
    package func isMisdated(_ entry: LocationEntry, _ match: BackupMatch) -> Bool {
        match.time.map { $0.seconds(since: entry.identity.modified) > 86_400 } ?? false
    }
}
