import Backups
import Settings

/// What was found in the archive of one or more databases of a server.
struct ArchiveLook: Sendable {
    /// As it was configured when the look began.
    let settings: WALArchiveSettings
    /// Or why it could not be listed.
    let facts: Result<WALArchiveFacts, Obstacle>
    let seconds: Double
}
