import Backups

/// Which backups of a catalog an archive can bring to where it goes on: a promotion leaves base backups behind that lead to the
/// branch which was left.
struct LeadingBases {
    /// A backup's own end, as its files or its name tell it, is that of a base backup in the archive within this time, in seconds.
    private static let tolerance = 600.0

    /// As the archive was found at the last look.
    let known: [WALArchiveFacts.Base]

    /// Those of `backups` that lead there, in their order. What the archive does not know may; and where none does, all are left, so
    /// that a drill tells why.
    /// - Parameter mustBeComplete: without those, too, that the archive can't make consistent.
    func of(_ backups: [CatalogBackup], mustBeComplete: Bool) -> [CatalogBackup] {
        let leading = backups.filter { backup in
            base(backup).map { $0.leadsOn && ($0.isComplete || !mustBeComplete) } ?? true
        }
        return leading.isEmpty ? backups : leading
    }

    /// By its path; else, where the archive holds notes only, by the moment at which it ended.
    private func base(_ backup: CatalogBackup) -> WALArchiveFacts.Base? {
        if let same = known.first(where: { $0.path == backup.identity.path }) { return same }
        let near = known.compactMap { base in
            base.stoppedAt.map { (base: base, seconds: abs(backup.completedAt.seconds(since: $0))) }
        }.filter { $0.seconds <= Self.tolerance }
        return near.min { $0.seconds < $1.seconds }?.base
    }
}
