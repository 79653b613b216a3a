import Backups
import Processes
import Settings

/// What the conductor knows of one database.
struct DatabaseState {
    var settings: DatabaseSettings
    var monitoredSince: Timestamp
    /// `nil` until its location was looked at.
    var catalog: CatalogFacts?
    var production: ProductionFacts?
    /// As the history tells it; read anew when a run ends or the backups change.
    var verification = VerificationFacts()
    /// Ends the turn that runs now.
    var running: Cancellation?
}
