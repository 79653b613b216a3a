import Backups
import Reports
import Settings

/// What rules compare with, and so can't fire without.
struct RuleNeeds {
    private struct Need: Sendable {
        let alert: String
        /// Keys of a database in the configuration.
        let keys: String
        let isMet: @Sendable (DatabaseSettings) -> Bool
    }

    private static let needs = [
        Need(alert: "BackupOverdue", keys: "objectives.backup_every") { $0.objectives.backupEvery != nil },
        Need(alert: "RecoveryPointExceeded", keys: "objectives.rpo") { $0.objectives.rpo != nil },
        Need(alert: "BackupTooSmall", keys: "backups.minimum_size") { $0.backups.minimumSize != nil },
        Need(alert: "BackupNotGrowing", keys: "connection") { $0.connection != nil },
        Need(alert: "BackupDataNotFresh", keys: "freshness") { !$0.freshness.isEmpty },
        Need(alert: "BackupRestoreTooSlow", keys: "objectives.rto") { $0.objectives.rto != nil },
        Need(alert: "RecoveryDrillFailed", keys: "drill") { $0.drill != nil },
        Need(alert: "RecoveryDrillStale", keys: "drill") { $0.drill != nil },
        Need(alert: "RecoveryDrillInconclusive", keys: "drill") { $0.drill != nil },
        Need(alert: "RecoveryDrillTooSlow", keys: "drill and objectives.rto") {
            $0.drill != nil && $0.objectives.rto != nil
        },
        Need(alert: "PostgresUnreachable", keys: "connection") { $0.connection != nil },
        Need(alert: "WALArchivingLag", keys: "connection and objectives.wal_lag") {
            $0.connection != nil && $0.objectives.walLag != nil
        },
        Need(alert: "WALArchiverFailing", keys: "connection") { $0.connection != nil },
        Need(alert: "WALArchiveUnreachable", keys: "wal_archive") { $0.walArchive != nil },
        Need(alert: "WALArchiveGap", keys: "wal_archive") { $0.walArchive != nil },
        Need(alert: "WALArchiveDamaged", keys: "wal_archive") { $0.walArchive != nil },
        Need(alert: "WALArchiveInconclusive", keys: "wal_archive") { $0.walArchive != nil },
        Need(alert: "RecoveryWindowTooShort", keys: "wal_archive and objectives.recovery_window") {
            $0.walArchive != nil && $0.objectives.recoveryWindow != nil
        },
        Need(alert: "DatabaseDiskFull", keys: "disk.path") { $0.diskPath != nil },
    ]

    static var alerts: [String] { needs.map(\.alert) }

    private static let mostNames = 5

    let databases: [DatabaseSettings]

    /// Groups of rules none of which any database has a use for.
    func useless(of file: RuleFile) -> [String] {
        file.groups.map(\.name).filter { group in
            file.alerts(of: group).allSatisfy { alert in
                guard let need = Self.needs.first(where: { $0.alert == alert }) else { return false }
                return !databases.contains(where: need.isMet)
            }
        }
    }

    /// A line for each of these alerts that can't fire for some database.
    func gaps(of alerts: [String]) -> [String] {
        Self.needs.filter { alerts.contains($0.alert) }.compactMap { need in
            let lacking = databases.filter { !need.isMet($0) }.map { PrintableText.line($0.name) }.sorted()
            guard !lacking.isEmpty else { return nil }
            guard lacking.count < databases.count else {
                return "\(need.alert) needs \(need.keys), which no database has"
            }
            let more = lacking.count - Self.mostNames
            let names = lacking.prefix(Self.mostNames).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
            return "\(need.alert) needs \(need.keys), not given for \(names)"
        }
    }
}
