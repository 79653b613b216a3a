import Backups
import Scheduling
import Web

/// What happens to the daemon. Everything reaches the conductor as one of these, and nothing else changes its state.
enum DaemonEvent: Sendable {
    /// All locations were looked at.
    case listed([CatalogLook], seconds: Double)
    /// Production's counters of these databases were sampled, and are in the history.
    case sampled([String])
    /// The production server of one database was asked.
    case asked(ProductionLook)
    /// The file systems of production's data were looked at, of databases whose production is not; absent where it can't be.
    case measured([String: DiskFacts])
    /// An archive of the write-ahead log was looked at.
    case archived(ArchiveLook)
    /// The verification of one backup is over; its database's turn may go on.
    case verified(VerificationEnd)
    /// The last backup of a turn is verified.
    case turnEnded(database: String, [RunOutcome])
    /// Somebody asks for the configuration to be read again; hears whether it was good. Users and certificates were
    /// read already: `webProblem` says why they stay as they were.
    case reload(webProblem: String? = nil, @Sendable (Bool) -> Void)
    /// Somebody asks for a turn of one database now.
    case request(String, RunKind, @Sendable (TurnAnswer) -> Void)
    /// Another process asks for these databases to be forgotten.
    case forget([String])
    /// No more turns; what runs ends as interrupted.
    case stop(Obstacle)
}
