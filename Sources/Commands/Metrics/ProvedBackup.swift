import Backups

/// The newest backup that runs before this one proved to restore. Of it no more is known than the time of its data, and when
/// it was proved at the latest.
struct ProvedBackup {
    private let time: Timestamp?
    private let provedBy: Timestamp?

    init(_ earlier: VerificationFacts) {
        (time, provedBy) = (earlier.verifiedBackupTime, earlier.lastSuccess)
    }

    /// The data time of the newest backup that is proved, and still there unchanged.
    /// - Parameters:
    ///   - reports: of this run.
    ///   - present: the backups that are there; `nil` where the location can't be listed, and what was known of it stays.
    func newest(with reports: [VerificationReport], present: [CatalogBackup]?) -> Timestamp? {
        let now = reports.filter { BackupStanding.Outcome($0.conclusion).isWholeSuccess }.compactMap(\.backup.time.asOf)
        return (now + [isStillThere(reports, present) ? time : nil].compactMap(\.self)).max()
    }

    /// Where nothing says so it is not said either.
    private func isStillThere(_ reports: [VerificationReport], _ present: [CatalogBackup]?) -> Bool {
        let read = reports.filter { isSame($0.backup.time.asOf) }
        guard !read.contains(where: { $0.conclusion.verdict == .failed }) else { return false }
        guard let present else { return true }
        return read.contains { isUnchanged(since: $0.backup.time.completedAt) }
            || present.contains { isSame($0.dataAsOf) && isUnchanged(since: $0.identity.modified) }
    }

    /// In the text of metrics a moment is a number of seconds, whose last digits may be lost.
    private func isSame(_ other: Timestamp?) -> Bool {
        guard let time, let other else { return false }
        return abs(other.seconds(since: time)) < 0.001
    }

    private func isUnchanged(since written: Timestamp?) -> Bool {
        guard let provedBy, let written else { return false }
        return written <= provedBy
    }
}
