import Backups
import Glibc
import Integrity

/// What lies at the path of a dump at one moment: `pg_restore` opens it by its name, when our own reader has long proved what lay there.
struct DumpSighting: Sendable, Equatable {
    /// Without its inode: what file systems in user space say of that changes by itself.
    private struct File: Sendable, Equatable {
        let size: UInt64
        let modified: Timestamp
    }

    private let path: String
    /// By name; of a file that one alone.
    private let files: [String: File]

    /// - Parameter path: of a file, or of a directory, in which each file counts.
    /// - Throws: ``Obstacle`` when it can't be looked at.
    init(_ path: String) throws {
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw Obstacle(
                errno == ENOENT ? .vanished : .unreadable,
                "\(path) can't be looked at: \(String(cString: strerror(errno)))",
                hint: "Verify it when whatever writes there is done.")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            files = ["": File(size: UInt64(clamping: status.st_size), modified: Timestamp(status.st_mtim))]
            return
        }
        do {
            files = Dictionary(
                try DirectoryEntries(path).entries.map { ($0.name, File(size: $0.size, modified: $0.modified)) }
            ) { first, _ in first }
        } catch let unlisted as UnlistedDirectory {
            throw unlisted.obstacle
        }
    }

    /// - Throws: ``Obstacle``: `changed-while-reading` when something else lies there now, `vanished` when nothing does.
    func expectUnchanged() throws {
        guard try DumpSighting(path) == self else {
            throw Obstacle(
                .changedWhileReading, "\(path) was changed or replaced between the proof of its bytes and the restore",
                hint: "Verify it when whatever writes it is done.")
        }
    }
}
