package import Backups

/// An archive in object storage, or wherever else a ``Location`` leads to. Hidden names, and marks of empty folders, are
/// left out.
package struct LocationArchive: WALArchiveSource {
    private let location: any Location
    private let cancellation: Cancellation

    package init(_ location: any Location, cancellation: Cancellation = Cancellation()) {
        self.location = location
        self.cancellation = cancellation
    }

    package var name: String { location.address }
    package var resumes: Bool { location.resumesListings }
    /// What takes time is the store's answer, and not the work that is done with it.
    package let readers = 8

    package func list(_ visit: (WALArchiveEntry) throws -> Void) throws { try list(from: nil, visit) }

    package func list(after start: String, _ visit: (WALArchiveEntry) throws -> Void) throws {
        try list(from: start, visit)
    }

    package func open(_ path: String) throws -> any StoredBytes {
        try location.open(path, cancellation: cancellation)
    }

    package func ended(by cancellation: Cancellation) -> LocationArchive {
        LocationArchive(location, cancellation: cancellation)
    }

    private func list(from start: String?, _ visit: (WALArchiveEntry) throws -> Void) throws {
        try location.list(after: start, cancellation: cancellation) { object in
            let path = object.path
            guard !path.isEmpty, !path.hasPrefix("."), !path.hasSuffix("/"), !path.contains("/.") else { return }
            try visit(WALArchiveEntry(path: path, size: object.size, modified: object.modified))
        }
    }
}

extension LocationFinder {
    /// The archive, or the base backups, at an address as people write it: a path, `s3://bucket/prefix`,
    /// `rclone:remote:path`, or that of a repository.
    package func archive(_ address: String) throws -> any WALArchiveSource {
        if let repository = RepositoryAddress(address) {
            guard let source = try repository.open(in: self).archive(for: nil, Cancellation()).inspected else {
                throw Obstacle(
                    .unsupportedFormat,
                    "what is in the archive of \(repository) can't be told: its file has no list_wal",
                    hint: "Name a command that prints the names of its files, list_wal: docs/tools.md.")
            }
            return source
        }
        let location = try location(address)
        // A directory is listed faster in no order.
        if let directory = location.directory { return WALDirectory(directory) }
        return LocationArchive(location)
    }
}
