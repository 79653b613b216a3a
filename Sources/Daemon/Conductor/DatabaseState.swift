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
    /// Why a turn that is due does not begin.
    var hindrance: Hindrance?
    /// Verifications that ended since it was last read: a history that can't be read must hide no verdict either.
    var unread: [HistoryKeeper.Unwritten] = []
    /// As the history tells it, with ``verification``.
    var drills = DrillRecord()
    /// When drills were first configured.
    var drilledSince: Timestamp?
    /// Why a drill that is due does not begin.
    var drillHindrance: Hindrance?
    /// The turn that runs now is a drill.
    var isDrilling = false
    /// Ends the turn that runs now.
    var running: Cancellation?

    init(settings: DatabaseSettings, entry: String, monitoredSince: Timestamp) {
        self.settings = settings
        self.entry = entry
        self.monitoredSince = monitoredSince
    }

    /// `physical` or `logical`, as its newest backup is listed: a drill needs base backups, and one that has none yet will.
    var kind: String {
        settings.drill != nil || catalog?.newest?.isBaseBackup == true ? "physical" : settings.backups.kind
    }

    var isDiscovered: Bool { entry != settings.name }

    /// What ended after ``verification`` was drawn, or was not in the history then, in the order in which it ended.
    /// - Parameter unwritten: what is not in the history now.
    func later(_ unwritten: [HistoryKeeper.Unwritten]) -> [HistoryKeeper.Unwritten] {
        unwritten.filter { entry in
            !unread.contains { $0.backup == entry.backup && $0.report.finishedAt == entry.report.finishedAt }
        } + unread
    }

    /// Puts new settings in force. What another server said, or another archive held, is not this one's.
    mutating func adopt(_ new: DatabaseSettings) {
        if settings.connection != new.connection { production = nil }
        let (former, archive) = (settings.walArchive, new.walArchive)
        if former?.location != archive?.location || former?.base != archive?.base { walArchive = nil }
        settings = new
    }
}
