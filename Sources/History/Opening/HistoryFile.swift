import Backups
import GRDB
import Glibc

/// The file of a history before it is used: made when it is missing, inspected when it is there, set aside when it is
/// damaged. Called with the lock held.
struct HistoryFile {
    enum Condition: Sendable, Equatable {
        case usable
        /// It can't be used and never will be; why, for people.
        case damaged(String)
    }

    /// Between the name of a history and the moment at which it was set aside.
    static let asideMark = ".corrupt-"

    let path: String

    /// Makes the file if there is none, for its owner alone; SQLite gives the files beside it the same mode.
    func ensure() throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFailure.obstacle("open the history", path) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { throw SystemFailure.obstacle("protect the history", path) }
    }

    /// Reads all of it, and changes nothing.
    ///
    /// Errors: ``Obstacle`` for a file that is sound and not ours to use: of a newer version, or of another program.
    func inspect() throws -> Condition {
        if size(path) == 0 {
            // A file that was cut to nothing: SQLite would take it for a new one and drop the log.
            return size(path + "-wal") > 0 ? .damaged("the file is empty, but its write-ahead log is not") : .usable
        }
        do {
            // A connection that may write would, when it ends, drop the log of a file that it could not read.
            return try inspect(readonly: true)
        } catch let error as DatabaseError where error.resultCode.primaryResultCode == .SQLITE_READONLY {
            // The process before this one died while it made the file: what is half done has to be rolled back first.
            return try inspect(readonly: false)
        }
    }

    private func inspect(readonly: Bool) throws -> Condition {
        var configuration = Configuration()
        configuration.label = "history.inspection"
        configuration.readonly = readonly
        configuration.busyMode = .timeout(SQLiteHistory.patience)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let condition = try queue.read { try inspect($0) }
            try queue.close()
            return condition
        } catch let error as DatabaseError
            where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode.primaryResultCode)
        {
            return .damaged(error.message ?? "it is no SQLite database")
        }
    }

    private func inspect(_ database: Database) throws -> Condition {
        guard try HistorySchema.recognise(database, path) != nil else { return .usable }
        if try isCut(database) { return .damaged("the file is shorter than its pages") }
        // Not the slower integrity_check: it also compares every index with its table.
        let answer = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "no answer"
        return answer == "ok" ? .usable : .damaged(answer.split(separator: "\n").joined(separator: " "))
    }

    /// SQLite reads what is missing of the last page as zeros. While the log holds pages the file may be short.
    private func isCut(_ database: Database) throws -> Bool {
        guard isLogEmpty else { return false }
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        return size(path) < pages * pageSize
    }

    /// Of a write-ahead log, before its first page: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
    private static let logHeaderSize = 32

    /// Gives the file, its log and its index names of their own.
    /// - Returns: the new path of the file.
    func setAside(at moment: Timestamp) throws -> String {
        let stamp = moment.description.filter { $0 != "-" && $0 != ":" }
        var target = path + Self.asideMark + stamp
        var number = 1
        while ["", "-wal", "-shm"].contains(where: { access(target + $0, F_OK) == 0 }) {
            number += 1
            target = path + Self.asideMark + "\(stamp)-\(number)"
        }
        // The file itself last: a log that were left behind would be replayed into the new file.
        for suffix in ["-wal", "-shm", ""] {
            guard rename(path + suffix, target + suffix) == 0 || (errno == ENOENT && !suffix.isEmpty) else {
                throw SystemFailure.obstacle("set aside the damaged history", path + suffix)
            }
        }
        return target
    }

    /// Nothing is in the log that is not in the file; an opening that failed may leave an empty one.
    var isLogEmpty: Bool { size(path + "-wal") <= Self.logHeaderSize }

    private func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
