package import Backups
import GRDB

/// A history at one moment. It may not outlive the closure that it is given to.
///
/// Errors of all: ``Obstacle`` `unreadable` for values that have no meaning.
package struct HistorySnapshot {
    let database: Database
    /// Of its tables.
    let version: Int64

    /// In the order of their names.
    package func databases() throws -> [String] {
        try database.rows("SELECT name FROM databases ORDER BY name").map { try $0.text("name") }
    }

    /// The newest finished runs of these databases together, the newest first. One that is not known has none.
    /// - Parameter kind: only these; `nil`: all.
    package func runs(of names: [String], kind: RunKind? = nil, limit: Int) throws -> [RunSummary] {
        try RunSummary.newest(of: names, kind: kind, before: nil, limit: limit, version: version, in: database)
    }

    /// The last finished run of each backup of a database.
    package func lastRuns(of name: String) throws -> [BackupIdentity: RunSummary] {
        guard let owner = try SQLiteHistory.knownOwner(name, in: database) else { return [:] }
        let summaries = try RunSummary.lastOfEachBackup(of: owner, version: version, in: database)
        return Dictionary(summaries.map { ($0.backup, $0) }) { $0.id < $1.id ? $1 : $0 }
    }

    /// One run.
    /// - Returns: `nil` for one that is not known.
    package func run(_ id: RunID) throws -> RecordedRun? {
        let row = try database.row(
            """
            SELECT databases.name AS database, started_at FROM runs JOIN databases ON databases.id = runs.database
            WHERE runs.id = ?
            """, [id.rawValue.databaseValue])
        guard let row else { return nil }
        guard let report = try ReportReader(database: database, run: id.rawValue, version: version).read() else {
            return .unfinished(database: try row.text("database"), since: try row.time("started_at"))
        }
        return .finished(report)
    }
}

/// One run as the history knows it.
package enum RecordedRun: Sendable, Equatable {
    case finished(VerificationReport)
    case unfinished(database: String, since: Timestamp)
}
