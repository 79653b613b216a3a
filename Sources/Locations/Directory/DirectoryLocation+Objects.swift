package import Backups
import Glibc
import Integrity

/// The files of a directory as objects of a location.
extension DirectoryLocation: Location {
    package var address: String { root }
    package var directory: String? { root }

    package func survey(cancellation: Cancellation) throws -> LocationListing { try list() }

    /// Hidden names too. A directory that may not be read ends the listing, but for the one that a file system keeps
    /// for itself.
    package func list(
        after start: String?, cancellation: Cancellation, _ visit: (StoredObject) throws -> Void
    ) throws {
        var walk = OrderedWalk(root: root, start: start.map { Array($0.utf8) }, cancellation: cancellation)
        try walk.enter("", visit)
    }

    package func find(_ path: String, cancellation: Cancellation) throws -> StoredObject? {
        var status = stat()
        guard stat(try place(of: path), &status) == 0 else {
            guard errno != ENOENT, errno != ENOTDIR else { return nil }
            throw Obstacle(
                .unreadable, "\(root)/\(path) can't be looked at: \(String(cString: strerror(errno)))",
                hint: "check who may read it")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return StoredObject(
            path: path, size: UInt64(status.st_size), modified: Timestamp(status.st_mtim), tag: Self.tag(status))
    }

    package func open(_ path: String, cancellation: Cancellation) throws -> any StoredBytes {
        try FileBytes(try place(of: path))
    }

    package func makeWriter(_ path: String, cancellation: Cancellation) throws -> any ObjectWriter {
        try DirectoryWriter(try place(of: path))
    }

    package func remove(_ path: String, cancellation: Cancellation) throws {
        guard unlink(try place(of: path)) != 0, errno != ENOENT else { return }
        throw Obstacle(
            .permissionDenied, "\(root)/\(path) can't be removed: \(String(cString: strerror(errno)))",
            hint: "Give this user the right to write there.")
    }

    /// - Throws: for a path that would lead out of the directory.
    private func place(of path: String) throws -> String {
        guard !path.split(separator: "/").contains("..") else {
            throw Obstacle(.unreadable, "\(path) leads out of \(root)", hint: "Name what lies below it.")
        }
        return "\(root)/\(path)"
    }

    fileprivate static func tag(_ status: stat) -> String {
        "\(status.st_ino)-\(status.st_size)-\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
}

/// Visits the files below a directory in the order of their paths' bytes. Only the names on the way to the present one
/// are held.
private struct OrderedWalk {
    private struct Place: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private struct Child {
        let name: String
        let status: stat
        let isDirectory: Bool
        /// What it is sorted by: a directory's files come where its name and a slash do.
        let key: [UInt8]
    }

    let root: String
    let start: [UInt8]?
    let cancellation: Cancellation
    private var entered: Set<Place> = []

    init(root: String, start: [UInt8]?, cancellation: Cancellation) {
        (self.root, self.start, self.cancellation) = (root, start, cancellation)
    }

    /// - Parameter prefix: empty, or a path below the root with a slash at its end.
    mutating func enter(_ prefix: String, _ visit: (StoredObject) throws -> Void) throws {
        try cancellation.check()
        var status = stat()
        let directory = prefix.isEmpty ? root : "\(root)/\(prefix)"
        // Links are followed; one that leads back is not entered again.
        guard stat(directory, &status) == 0 else {
            if hasVanished(prefix) { return }
            throw failure(directory)
        }
        guard entered.insert(Place(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))).inserted else {
            return
        }
        for child in try children(directory, prefix) {
            let path = prefix + child.name
            if child.isDirectory {
                guard start.map({ isAfter($0, below: "\(path)/") }) ?? true else { continue }
                try enter("\(path)/", visit)
            } else if start.map({ $0.lexicographicallyPrecedes(path.utf8) }) ?? true {
                try visit(
                    StoredObject(
                        path: path, size: UInt64(child.status.st_size), modified: Timestamp(child.status.st_mtim),
                        tag: DirectoryLocation.tag(child.status)))
            }
        }
    }

    /// Whether anything below `directory` can come after `start`.
    private func isAfter(_ start: [UInt8], below directory: String) -> Bool {
        start.starts(with: directory.utf8) || start.lexicographicallyPrecedes(directory.utf8)
    }

    private func children(_ directory: String, _ prefix: String) throws -> [Child] {
        guard let stream = opendir(directory) else {
            if prefix == "lost+found/" || hasVanished(prefix) { return [] }
            throw failure(directory)
        }
        defer { closedir(stream) }
        var children: [Child] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            // What vanishes while we look is simply not there.
            guard let name, name != ".", name != "..", stat("\(directory)/\(name)", &status) == 0 else { continue }
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFREG || kind == S_IFDIR else { continue }
            let isDirectory = kind == S_IFDIR
            children.append(
                Child(
                    name: name, status: status, isDirectory: isDirectory,
                    key: Array("\(name)\(isDirectory ? "/" : "")".utf8)))
        }
        return children.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }

    /// A directory that a rotation removes while we look is simply not there, nor one that is a file by now; by `errno`.
    private func hasVanished(_ prefix: String) -> Bool {
        !prefix.isEmpty && (errno == ENOENT || errno == ENOTDIR)
    }

    private func failure(_ directory: String) -> Obstacle {
        Obstacle(
            .unreadable, "\(directory) can't be listed: \(String(cString: strerror(errno)))",
            hint: "check that it is there, and who may read it")
    }
}
