import Backups
import Verification

/// What is to be verified.
struct ConfiguredRequests {
    var found: [VerificationRequest]
    /// Reports of databases that have no backup.
    var missing: [VerificationReport] = []
    /// `objectives.verify_every` by database.
    var intervals: [String: Duration] = [:]
}
