import Backups
import Glibc

/// A directory in `TMPDIR` to which a configured tool brings one file, gone with this value. What a killed process left is known by its
/// name, its owner and its free lock, and removed by the next one, and by `restorable gc`.
final class HandoverDirectory {
    private static let prefix = "restorable-handover-"

    let path: String
    /// The directory's own: a file in it could be in the tool's way.
    private let lock: Int32

    /// - Throws: ``Obstacle`` when none can be made.
    init(in parent: String = HandoverDirectory.parent) throws {
        Self.collect(in: parent)
        // Whoever collects beside us may take one for abandoned before it is locked.
        for _ in 0..<10 {
            var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else {
                let code = errno
                throw Obstacle(
                    [ENOSPC, EDQUOT].contains(code) ? .diskFull : .unreadable,
                    "no directory can be made in \(parent): \(String(cString: strerror(code)))",
                    hint: "Set TMPDIR to another place.")
            }
            let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard let lock = Self.lock(path) else { continue }
            guard DirectoryTree.status(path)?.isDirectory == true else {
                close(lock)
                continue
            }
            self.path = path
            self.lock = lock
            return
        }
        throw Obstacle(.internalError, "directories that were just made in \(parent) are gone")
    }

    deinit {
        Self.remove(path)
        close(lock)
    }

    /// Where they are made: itself, and not a link to it, for nothing that is removed is found through one.
    static var parent: String {
        let directory = RepositoryTool.variable("TMPDIR") ?? "/tmp"
        guard let resolved = realpath(directory, nil) else { return directory }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Removes those that nobody holds any more, of this user alone.
    /// - Returns: their paths.
    @discardableResult
    static func collect(in parent: String) -> [String] {
        DirectoryTree.names(in: parent).filter { $0.hasPrefix(prefix) }.map { "\(parent)/\($0)" }.filter { path in
            guard let status = DirectoryTree.status(path), status.isDirectory, status.st_uid == geteuid(),
                let lock = lock(path)
            else { return false }
            defer { close(lock) }
            return remove(path)
        }
    }

    /// - Returns: `nil` when another holds it, or it is not there.
    private static func lock(_ path: String) -> Int32? {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    @discardableResult
    private static func remove(_ path: String) -> Bool {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        return (try? DirectoryTree.remove(String(path[path.index(after: slash)...]), in: String(path[..<slash]))) != nil
    }
}
