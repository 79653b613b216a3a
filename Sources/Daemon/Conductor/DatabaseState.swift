import Backups
import Processes
import Settings

/// What the conductor knows of one database.
struct DatabaseState {
    var settings: DatabaseSettings
    /// The name of the entry of the configuration that it comes from; another one than its own where it was discovered.
    let entry: String
    /// The history knows that it was discovered, or need not.
    var isRemembered = true
    var monitoredSince: Timestamp
    /// `nil` until its location was looked at.
    var catalog: CatalogFacts?
    /// What lay there when an earlier daemon last looked; only until its location was listed.
    var recalled: [CatalogBackup] = []
    var production: ProductionFacts?
    /// Of production's file system, where production itself is not asked.
    var disk: DiskFacts?
    /// `nil` until its archive was looked at.
    var walArchive: WALArchiveFacts?
    /// As the history tells it; read anew when a run ends or the backups change.
    var verification = VerificationFacts()
    /// Ends the turn that runs now.
    var running: Cancellation?

    init(settings: DatabaseSettings, entry: String, monitoredSince: Timestamp) {
        self.settings = settings
        self.entry = entry
        self.monitoredSince = monitoredSince
    }

    var isDiscovered: Bool { entry != settings.name }
}
