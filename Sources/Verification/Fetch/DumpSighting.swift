import Backups
import Glibc
import Integrity

/// What lies at the path of a dump at one moment: `pg_restore` opens it by its name, when our own reader has long proved what lay there.
struct DumpSighting: Sendable, Equatable {
    /// Without its inode: what file systems in user space say of that changes by itself.
    private struct File: Sendable, Equatable {
        let size: Int64
        let modified: [Int]

        /// - Throws: ``Obstacle`` when it can't be looked at.
        init(_ path: String) throws {
            var status = stat()
            guard stat(path, &status) == 0 else {
                let cause = String(cString: strerror(errno))
                throw Obstacle(
                    errno == ENOENT ? .vanished : .unreadable, "\(path) can't be looked at: \(cause)",
                    hint: "Verify it when whatever writes there is done.")
            }
            size = Int64(status.st_size)
            modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        }
    }

    private let path: String
    private let files: [String: File]

    /// - Parameter path: of a file, or of a directory, in which each file counts.
    /// - Throws: ``Obstacle`` when it can't be looked at.
    init(_ path: String) throws {
        self.path = path
        guard let names = try Self.names(in: path) else {
            files = ["": try File(path)]
            return
        }
        files = try Dictionary(uniqueKeysWithValues: Set(names).map { ($0, try File("\(path)/\($0)")) })
    }

    /// - Throws: ``Obstacle``: `changed-while-reading` when something else lies there now, `vanished` when nothing does.
    func expectUnchanged() throws {
        guard try DumpSighting(path) == self else {
            throw Obstacle(
                .changedWhileReading, "\(path) was changed or replaced between the proof of its bytes and the restore",
                hint: "Verify it when whatever writes it is done.")
        }
    }

    /// - Returns: `nil` of what is no directory.
    private static func names(in path: String) throws -> [String]? {
        guard let directory = opendir(path) else {
            // What is not there says so when it is looked at.
            if errno == ENOTDIR || errno == ENOENT { return nil }
            let cause = String(cString: strerror(errno))
            throw Obstacle(.unreadable, "\(path) can't be listed: \(cause)")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
