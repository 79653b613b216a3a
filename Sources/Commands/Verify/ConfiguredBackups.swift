import Backups
import Daemon
import Settings

/// The backups of configured databases, at their locations.
struct ConfiguredBackups {
    /// Of a database that was discovered, with its own name; of an entry that found none, with that of the entry.
    let settings: DatabaseSettings
    /// The oldest first, as the catalog of the daemon has them, whether complete or not; or why nobody can tell.
    let found: Result<[CatalogBackup], Obstacle>
    /// Those of them that may still be written to.
    var unfinished: Set<BackupIdentity> = []
    /// What the times of their files are of.
    var clock = LocationClock.own
    /// When they were found.
    private let seen = ContinuousClock.now

    /// In the order of the configuration; databases of one entry by their names.
    static func of(
        _ entries: [DatabaseSettings], by reader: CatalogReader = CatalogReader()
    ) -> [ConfiguredBackups] {
        var reader = reader
        return reader.read(entries).flatMap { finding in
            switch finding.databases {
            case .failure(let obstacle):
                [ConfiguredBackups(settings: finding.entry, found: .failure(obstacle))]
            case .success(let databases) where databases.isEmpty:
                [ConfiguredBackups(settings: finding.entry, found: .success([]))]
            case .success(let databases):
                databases.map { database in
                    if database.candidates.isEmpty, let closed = finding.unseen {
                        let obstacle = Obstacle(
                            .unreadable,
                            "\(closed) can't be listed, and may hold the backups of \(database.database.name)",
                            hint: "Let the user that runs this read the directory.")
                        return ConfiguredBackups(settings: database.database, found: .failure(obstacle))
                    }
                    var catalog = Catalog()
                    catalog.see(database.candidates, by: finding.clock, at: .now())
                    return ConfiguredBackups(
                        settings: database.database, found: .success(database.candidates.map(\.backup).inOrder),
                        unfinished: Set(catalog.unfinished.map(\.identity)), clock: finding.clock)
                }
            }
        }
    }

    /// Whether a backup is finished, where that is not known yet. On this machine's own file systems it has been written to a
    /// moment ago; on a file server, whose clock may be another one, whoever looks twice may know more.
    func question(about backup: CatalogBackup) -> (@Sendable (Cancellation) -> Bool)? {
        guard unfinished.contains(backup.identity) else { return nil }
        guard clock != .own else { return { _ in false } }
        let look = SecondLook(backup: backup.identity, settings: settings, firstSeen: seen)
        return { look.hasHeldStill($0) }
    }

    /// Whether backups of the database `name` may lie at a location that can't be listed.
    func mayHold(_ name: String) -> Bool {
        guard case .failure = found else { return false }
        return settings.captured(from: name) != nil
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
