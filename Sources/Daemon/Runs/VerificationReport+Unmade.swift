import Backups

extension VerificationReport {
    /// Of a verification that could not even begin.
    static func unmade(
        _ database: String, _ backup: CatalogBackup, _ obstacle: Obstacle, at moment: Timestamp
    ) -> VerificationReport {
        let check = Check.inconclusive("backup", in: .fetch, obstacle)
        var evidence = Evidence(planned: [])
        evidence.checks = [check]
        return VerificationReport(
            database: database, backup: BackupFacts(location: backup.identity.path, name: backup.identity.name),
            conclusion: evidence.conclude(), checks: [check], startedAt: moment, finishedAt: moment)
    }
}
