import Backups
import Verification

/// What is to be verified.
struct ConfiguredRequests {
    var found: [VerificationRequest]
    /// Reports of databases that have no backup.
    var missing: [VerificationReport] = []
    /// `objectives.verify_every` by database.
    var intervals: [String: Duration] = [:]
    /// The backups that are there, by database, of those whose location could be listed.
    var present: [String: [CatalogBackup]] = [:]
    /// The backups of the requests, by path, as the catalog knows them.
    var backups: [String: BackupIdentity] = [:]
    /// File of the history; `nil` without a configuration.
    var history: String?
}
