import Backups
import Locations
import Settings

/// The backups of a configured database, at its location.
struct ConfiguredBackups {
    private let settings: DatabaseSettings

    init(_ settings: DatabaseSettings) {
        self.settings = settings
    }

    /// The oldest first: by the time in their names, else by the time they were written.
    /// - Throws: ``Obstacle`` when the location can't be listed.
    func find() throws -> [CatalogBackup] {
        try DirectoryLocation(settings.backups.location).list().entries.compactMap { entry in
            settings.backups.match(entry).map {
                CatalogBackup(identity: entry.identity, completedAt: entry.identity.modified, dataAsOf: $0.time)
            }
        }.sorted { ($0.time, $0.identity.path) < ($1.time, $1.identity.path) }
    }

    /// Nothing where a backup is due: that is a failure.
    func noBackup() -> VerificationReport {
        let pattern = settings.backups.match.map { " that matches \($0.text)" } ?? ""
        return report(
            .failed(
                "backup", in: .fetch, .noBackup, "there is no backup\(pattern) in \(settings.backups.location)",
                hint: "Look at the job that makes the backups, and at backups.match."))
    }

    func unreadable(_ obstacle: Obstacle) -> VerificationReport {
        report(.inconclusive("backup", in: .fetch, obstacle))
    }

    private func report(_ check: Check) -> VerificationReport {
        var evidence = Evidence(planned: [])
        evidence.checks = [check]
        let now = Timestamp.now()
        return VerificationReport(
            database: settings.name, backup: BackupFacts(location: settings.backups.location, name: settings.name),
            conclusion: evidence.conclude(), checks: [check], startedAt: now, finishedAt: now)
    }
}
