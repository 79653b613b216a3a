package import Backups
import PostgreSQL

/// What one drill is asked to do.
package struct DrillRequest: Sendable {
    /// The base backup, how it is restored, and what is asked of the copy.
    package var base: VerificationRequest
    /// Address of the WAL archive.
    package var archive: String
    /// What of the archive was stored within this time may be on its way: a hole before it is no gap yet, and what is cut no
    /// damage. As of `restorable wal`.
    package var grace = WALArchiveCheck.Options().grace
    package var target = RecoveryTarget.latest
    /// `nil` for the latest that the archive leads to.
    package var timeline: UInt32?
    /// `pg_amcheck`, which reads every table and index.
    package var looksForBrokenStructures = true
    /// Where queries are asked; `nil` where there is only one that they can mean.
    package var database: String?

    package init(base: VerificationRequest, archive: String) {
        self.base = base
        self.archive = archive
    }
}
