import Backups

/// How the verification of one backup ended.
struct VerificationEnd: Sendable {
    /// `nil` where the history could not be written when it began.
    let run: RunID?
    let database: String
    let backup: BackupIdentity
    let report: VerificationReport
}
