import Backups
import Glibc

/// What tells whether a file of SQLite was written to between two looks.
struct FileState: Equatable {
    private let inode: UInt64
    private let size: Int64
    private let modifiedSeconds: Int
    private let modifiedNanoseconds: Int
    /// A write-ahead log lies beside it: it is in use, or its writer died.
    let hasLog: Bool

    /// Errors: ``Obstacle`` `unreadable` for a file that is missing, or may not be read.
    init(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, access(path, R_OK) == 0 else { throw Self.obstacle(path, errno) }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modifiedSeconds = status.st_mtim.tv_sec
        modifiedNanoseconds = status.st_mtim.tv_nsec
        hasLog = access(path + "-wal", F_OK) == 0
    }

    private static func obstacle(_ path: String, _ code: Int32) -> Obstacle {
        guard code != ENOENT else {
            return Obstacle(
                .unreadable, "there is no history at \(path)",
                hint: "restorable serve begins it; history in the configuration says where it lies.")
        }
        return Obstacle(
            .unreadable, "the history \(path) can't be read: \(String(cString: strerror(code)))",
            hint: HistoryReader.user)
    }
}
