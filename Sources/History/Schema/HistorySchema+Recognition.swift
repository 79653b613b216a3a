import Backups
import GRDB

extension HistorySchema {
    /// Files of this version and of all between have what ``HistorySnapshot`` asks for: later ones only added to it.
    static let oldestReadable: Int64 = 1

    /// Tells a history from other files by what its header says.
    ///
    /// Errors: ``Obstacle`` for a file that is sound and not ours to use: of a newer version, or of another program.
    /// - Returns: the version of its tables; `nil` for a file that holds nothing yet.
    static func recognise(_ database: Database, _ path: String) throws -> Int64? {
        let version = try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard application == applicationID else {
            // The list of migrations is made before the first of them: a process may have died in between.
            let foreign = "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'"
            guard try Int64.fetchOne(database, sql: foreign) != 0 else { return nil }
            throw Obstacle(
                .unreadable, "\(path) is a database of another program, not a history",
                hint: "Nothing was changed. Give the history a file of its own.")
        }
        guard version <= Self.version else {
            throw Obstacle(
                .unreadable,
                "the history \(path) was written by a newer version of this program (its schema is \(version), "
                    + "this version knows \(Self.version))",
                hint: "Nothing was changed. Run the newer version, or give this one a history of its own.")
        }
        return version
    }
}
