import Backups
import GRDB
import Glibc

/// Errors of SQLite in the words of the domain.
enum SQLiteFailure {
    /// Runs `work`; whatever it throws but a ``LostRun`` comes out as an ``Obstacle``.
    static func explained<Result>(_ path: String, _ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch let obstacle as Obstacle {
            throw obstacle
        } catch let lost as LostRun {
            throw lost
        } catch let error as DatabaseError {
            throw obstacle(error, path)
        } catch {
            throw Obstacle(.internalError, "the history \(path) could not be used", cause: error)
        }
    }

    /// Result codes: https://www.sqlite.org/rescode.html
    static func obstacle(_ error: DatabaseError, _ path: String) -> Obstacle {
        let message = error.message ?? "SQLite says \(error.resultCode.rawValue)"
        switch error.resultCode.primaryResultCode {
        case .SQLITE_FULL:
            return diskFull(path, error)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN:
            // The index beside the log has no code of its own for a full disk.
            return isFull(path)
                ? diskFull(path, error)
                : Obstacle(
                    .unreadable, "the history \(path) can't be used: \(message)",
                    hint: "Check its directory and file system.", cause: error)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return Obstacle(
                .unreadable, "the history \(path) can't be written to: \(message)",
                hint: "The user that runs this must own the file, and its file system must be writable.", cause: error)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return Obstacle(
                .unreadable, "the history \(path) is damaged: \(message)",
                hint: "The next start sets it aside and begins a new one.", cause: error)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return Obstacle(
                .unreadable, "another program keeps the history \(path) locked",
                hint: "`fuser \(path)` tells which one.", cause: error)
        default:
            return Obstacle(.internalError, "the history \(path) could not be used: \(message)", cause: error)
        }
    }

    private static func diskFull(_ path: String, _ error: DatabaseError) -> Obstacle {
        Obstacle(
            .diskFull, "the file system of the history \(path) is full: nothing can be written down",
            hint: "Free space there. What the history already holds is unharmed.", cause: error)
    }

    /// Whether not even one page of the write-ahead log's index is free.
    private static func isFull(_ path: String) -> Bool {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        var space = statvfs()
        guard statvfs(directory.isEmpty ? "/" : directory, &space) == 0 else { return false }
        return UInt64(space.f_bavail) * UInt64(space.f_frsize) < 65_536
    }
}
