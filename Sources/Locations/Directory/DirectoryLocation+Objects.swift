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
        var files = FilesBelow(root, isOrdered: true, after: start, cancellation: cancellation)
        try files.visit { path, file in try visit(StoredObject(path, file)) }
    }

    package func find(_ path: String, cancellation: Cancellation) throws -> StoredObject? {
        do {
            guard let found = try DirectoryEntries.find(try place(of: path)), !found.isDirectory else { return nil }
            return StoredObject(path, found)
        } catch let trouble as UnlistedDirectory {
            throw trouble.obstacle
        }
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
}

extension StoredObject {
    fileprivate init(_ path: String, _ file: DirectoryEntries.Entry) {
        self.init(path: path, size: file.size, modified: file.modified, tag: file.tag)
    }
}
