package import Backups
package import Integrity

/// What lies at an address that is no path of this machine.
package enum RemoteBackup {
    case object(any StoredBytes)
    /// Objects below it, as a directory dump has them.
    case directory(RemoteDirectory)
    /// A base backup below a location, with a file by which it is known.
    case baseBackup(any Location, mark: StoredObject)

    /// - Returns: `nil` for a path.
    /// - Throws: ``Obstacle`` when nothing is there, or it can't be had.
    package static func find(
        _ address: String, in locations: any LocationFinder, cancellation: Cancellation
    ) throws -> RemoteBackup? {
        // What ends with a slash is no object, or the mark of an empty folder.
        if address.hasSuffix("/"), let base = try baseBackup(address, in: locations, cancellation) { return base }
        guard let object = try locations.remote(address) else { return nil }
        do {
            return .object(try object.location.open(object.path, cancellation: cancellation))
        } catch let obstacle as Obstacle where [.unreadable, .permissionDenied].contains(obstacle.reason) {
            if let base = try baseBackup(address, in: locations, cancellation) { return base }
            if let directory = try directory(address, in: locations, cancellation) { return directory }
            throw obstacle
        }
    }

    /// - Returns: `nil` for a path, and where none lies, or what lies there can't be looked at: then what stood in the way of
    ///   the object itself is told.
    private static func baseBackup(
        _ address: String, in locations: any LocationFinder, _ cancellation: Cancellation
    ) throws -> RemoteBackup? {
        let below = address.hasSuffix("/") ? address : "\(address)/"
        return try passingOver {
            guard try locations.remote(below + BaseBackupNames.manifest) != nil else { return nil }
            let location = try locations.location(below)
            return try BaseBackupPlace.mark(of: location, cancellation: cancellation)
                .map { .baseBackup(location, mark: $0) }
        }
    }

    private static func directory(
        _ address: String, in locations: any LocationFinder, _ cancellation: Cancellation
    ) throws -> RemoteBackup? {
        try passingOver {
            let directory = try RemoteDirectory(try locations.location(address), cancellation: cancellation)
            return directory.objects.isEmpty ? nil : .directory(directory)
        }
    }

    private static func passingOver(_ find: () throws -> RemoteBackup?) throws -> RemoteBackup? {
        do {
            return try find()
        } catch let obstacle as Obstacle where obstacle.reason != .interrupted {
            return nil
        }
    }

    /// What it is.
    package func sniff() throws -> Sniffed {
        switch self {
        case .object(let bytes): try FormatSniffer.sniff(bytes)
        case .directory(let directory): directory.sniffed
        case .baseBackup: .dump(.basebackup, .none)
        }
    }

    /// When the last of it was written, as the location says.
    var modified: Timestamp? {
        switch self {
        case .object(let bytes): bytes.modified
        case .directory(let directory): directory.objects.map(\.modified).max()
        case .baseBackup(_, let mark): mark.modified
        }
    }
}
