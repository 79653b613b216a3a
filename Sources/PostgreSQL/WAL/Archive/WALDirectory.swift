package import Backups
import Glibc
import Integrity

/// An archive in a directory and all below it. Links are followed, but no directory is entered twice; hidden names are left
/// out.
package struct WALDirectory: WALArchiveSource {
    package let name: String

    private struct Place: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    /// - Parameter path: of the directory.
    package init(_ path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        name = path
    }

    package func list(_ visit: (WALArchiveEntry) throws -> Void) throws {
        var entered: Set<Place> = []
        try list("", &entered, visit)
    }

    package func open(_ path: String) throws -> any StoredBytes { try FileBytes("\(name)/\(path)") }

    private func list(
        _ prefix: String, _ entered: inout Set<Place>, _ visit: (WALArchiveEntry) throws -> Void
    ) throws {
        let directory = prefix.isEmpty ? name : "\(name)/\(prefix)"
        guard let stream = opendir(directory) else {
            // Retention may remove a directory of segments while we look.
            if errno == ENOENT, !prefix.isEmpty { return }
            throw Obstacle(
                .unreadable, "\(directory) can't be listed: \(String(cString: strerror(errno)))",
                hint: "Check the location, and who may read it.")
        }
        defer { closedir(stream) }
        let descriptor = dirfd(stream)
        var status = stat()
        guard fstat(descriptor, &status) == 0,
            entered.insert(Place(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))).inserted
        else { return }
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            defer { errno = 0 }
            // What vanishes while we look is simply not there.
            guard !name.hasPrefix("."), fstatat(descriptor, name, &status, 0) == 0 else { continue }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                try visit(
                    WALArchiveEntry(
                        path: path, size: UInt64(clamping: status.st_size), modified: Timestamp(status.st_mtim)))
            case S_IFDIR: try list(path, &entered, visit)
            default: break
            }
        }
        guard errno == 0 else {
            throw Obstacle(.unreadable, "\(directory) can't be listed: \(String(cString: strerror(errno)))")
        }
    }
}
