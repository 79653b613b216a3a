import CLinux
import Glibc

/// Spooled standard input that a killed process left below the scratch directory.
package enum SpoolLeftovers {
    /// Removes the files that nobody holds.
    /// - Returns: the paths that were removed.
    package static func collect(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var removed: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let path = "\(directory)/\(name)"
            if name.hasPrefix(SpoolFile.prefix), remove(path) { removed.append(path) }
        }
        return removed.sorted()
    }

    /// - Returns: whether nobody held the file, and it is gone. The lock is ours while it goes: see ``SpoolFile``.
    private static func remove(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 && unlink(path) == 0
    }
}
