import Backups
import Integrity
import PostgreSQL

/// What a drill begins with: a base backup that is read here, or one that its own tool restores.
enum DrillBase {
    case files(BaseBackupPlace)
    case restored(RepositoryBase)

    /// The repository's, where it lies in one.
    var repository: RepositoryBase? {
        if case .restored(let base) = self { base } else { nil }
    }

    /// Where its files lie; `nil` in a repository, whose tool tells of what expires meanwhile.
    var place: BaseBackupPlace? {
        if case .files(let place) = self { place } else { nil }
    }

    /// Brings it into scratch, and notes what is found on the way.
    /// - Returns: `nil` when it can't be had; then a check says why.
    func unpack(
        _ recovery: ClusterRecovery, into scratch: PreparedScratch, _ ledger: inout VerificationLedger
    ) -> RestoredCluster? {
        switch self {
        case .files(let place):
            let unpacked = ledger.perform(.integrity, bytes: { $0.seen.bytes }) { _ in
                try recovery.unpack(place, into: scratch)
            }
            guard let unpacked else { return nil }
            recovery.note(unpacked, &ledger)
            ledger.evidence.checks += unpacked.checks
            ledger.notes += ClusterRecovery.notes(on: place, unpacked)
            return RestoredCluster(unpacked)
        case .restored(let base):
            return ledger.perform(.integrity, bytes: { _ in base.backup.size }) { ledger in
                try base.restore(into: scratch, &ledger, recovery.cancellation)
            }
        }
    }
}
