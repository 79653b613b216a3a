package import Backups
import GRDB

extension SQLiteHistory {
    package func forget(_ database: String) throws {
        try writing { connection in
            try connection.run("DELETE FROM databases WHERE name = ?", [database.databaseValue])
            try connection.run("DELETE FROM forgets WHERE name = ?", [database.databaseValue])
        }
    }

    /// In the order in which they were asked for.
    package func forgetRequests() throws -> [String] {
        try reading { connection in
            try connection.rows("SELECT name FROM forgets WHERE refusal IS NULL ORDER BY asked_at, name")
                .map { try $0.text("name") }
        }
    }

    package func refuseToForget(_ database: String, _ why: String) throws {
        try writing(.soon) { connection in
            try connection.run(
                "UPDATE forgets SET refusal = ? WHERE name = ?", [why.databaseValue, database.databaseValue])
        }
    }

    /// What ``forget(_:)`` would remove; `nil` for a database that is not known.
    package func holdings(of database: String) throws -> HistoryHoldings? {
        try reading { try HistoryHoldings(of: database, in: $0) }
    }

    /// Whether a process, a daemon most often, has the history at `path` open now.
    package static func isOpen(path: String) -> Bool { HistoryLock.isHeld(beside: path) }
}
