import Backups
import GRDB

/// The history in one SQLite file. Readers don't wait for the writer (write-ahead log).
///
/// All but samples and sightings of backups is on the disk when a call returns (`synchronous = FULL`): a power cut must
/// not take back a verdict. Those two come often and are cheap to lose, so they are synced with the next of the others,
/// or at the next checkpoint (`synchronous = NORMAL`); a process that dies loses none of them.
package final class SQLiteHistory: Sendable {
    package let path: String
    private let pool: any DatabaseWriter
    /// `nil` where it is only read.
    private let lock: HistoryLock?

    init(path: String, pool: any DatabaseWriter, lock: HistoryLock?) {
        self.path = path
        self.pool = pool
        self.lock = lock
    }

    /// Ends the use of the file in good order: what is in the log goes into it. Later calls fail. Another process may
    /// open it when this object is gone.
    package func close() throws {
        try SQLiteFailure.explained(path) {
            // The pool's readers outlive its writer, and a reader leaves the log as it is.
            let merged = Result { try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
            try pool.close()
            try merged.get()
        }
    }

    enum Durability: String {
        case synced = "FULL"
        case soon = "NORMAL"
    }

    func reading<Result>(_ work: (Database) throws -> Result) throws -> Result {
        try SQLiteFailure.explained(path) { try pool.read(work) }
    }

    /// Runs `work` in one transaction: all of it happens, or nothing.
    func writing<Result>(_ durability: Durability = .synced, _ work: (Database) throws -> Result) throws -> Result {
        // What is written to a copy would be lost.
        guard lock != nil else {
            throw Obstacle(
                .unreadable, "the history \(path) is only read for now", hint: "It is opened when it can be written to."
            )
        }
        return try SQLiteFailure.explained(path) {
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
                var result: Result?
                try database.inTransaction(.immediate) {
                    result = try work(database)
                    return .commit
                }
                guard let result else { throw Obstacle(.internalError, "a write to the history had no result") }
                return result
            }
        }
    }
}
