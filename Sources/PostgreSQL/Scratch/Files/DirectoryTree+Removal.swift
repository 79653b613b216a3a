import Backups
import Glibc

extension DirectoryTree {
    /// Removes `name` and all below, without ever leaving it: each step is relative to an open directory and refuses
    /// links, so that nobody who may write inside can lead it elsewhere.
    /// - Throws: ``Obstacle`` when something is left.
    static func remove(_ name: String, in directory: String) throws {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw obstacle("removed", "\(directory)/\(name)") }
        defer { close(descriptor) }
        try remove(name, at: descriptor, path: "\(directory)/\(name)")
    }

    /// Empties the open directory's entry `name` and removes it.
    private static func remove(_ name: String, at directory: Int32, path: String) throws {
        if unlinkat(directory, name, 0) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw obstacle("removed", path) }
        let descriptor = openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw obstacle("removed", path)
        }
        defer { close(descriptor) }
        // A second look, for what was written between reading and removing.
        for _ in 0..<3 {
            for entry in names(consuming: dup(descriptor)) {
                try remove(entry, at: descriptor, path: "\(path)/\(entry)")
            }
            if unlinkat(directory, name, AT_REMOVEDIR) == 0 || errno == ENOENT { return }
            guard errno == ENOTEMPTY || errno == EEXIST else { break }
            lseek(descriptor, 0, SEEK_SET)
        }
        throw obstacle("removed", path)
    }
}
