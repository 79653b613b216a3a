package import Backups
import GRDB
import Glibc

/// Asks the daemon that holds a history to forget a database. The request lies in the history itself, under SQLite's own
/// locking, since the lock of the history belongs to the daemon.
package final class HistoryVisitor: Sendable {
    package enum Answer: Sendable, Equatable {
        case pending
        case forgotten
        /// One sentence says why not.
        case refused(String)
    }

    private let path: String
    private let queue: DatabaseQueue

    /// Errors: ``Obstacle`` `unreadable` for a file that is not there or is no history of this version.
    package init(path: String) throws {
        self.path = path
        guard access(path, F_OK) == 0 else {
            throw Obstacle(.unreadable, "there is no history \(path)", hint: "Look at history in the configuration.")
        }
        var configuration = Configuration()
        configuration.label = "history.visitor"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(SQLiteHistory.patience)
        queue = try SQLiteFailure.explained(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let (application, version) = try queue.read { database in
                (
                    try Int64.fetchOne(database, sql: "PRAGMA application_id"),
                    try Int64.fetchOne(database, sql: "PRAGMA user_version")
                )
            }
            guard application == HistorySchema.applicationID, version == HistorySchema.version else {
                throw Obstacle(
                    .unreadable, "\(path) is no history of this version of the program",
                    hint: "The daemon that has it open must be of the same version: start it again.")
            }
            return queue
        }
    }

    /// What the history holds of `database`; `nil` for one that is not known.
    package func holdings(of database: String) throws -> HistoryHoldings? {
        try SQLiteFailure.explained(path) {
            try queue.read { try HistoryHoldings(of: database, in: $0) }
        }
    }

    package func ask(toForget database: String, at now: Timestamp) throws {
        try write(
            "INSERT OR REPLACE INTO forgets (name, asked_at) VALUES (?, ?)", [database.databaseValue, .time(now)])
    }

    /// Asks no longer.
    package func withdraw(_ database: String) throws {
        try write("DELETE FROM forgets WHERE name = ?", [database.databaseValue])
    }

    package func answer(of database: String) throws -> Answer {
        try SQLiteFailure.explained(path) {
            try queue.read { connection in
                let row = try connection.row(
                    "SELECT refusal FROM forgets WHERE name = ?", [database.databaseValue])
                guard let row else { return .forgotten }
                let refusal: String? = row["refusal"]
                return refusal.map { .refused($0) } ?? .pending
            }
        }
    }

    private func write(_ sql: String, _ values: [DatabaseValue]) throws {
        try SQLiteFailure.explained(path) { try queue.write { try $0.run(sql, values) } }
    }
}
