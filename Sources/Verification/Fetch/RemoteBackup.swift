package import Backups
package import Integrity

/// What lies at an address that is no path of this machine.
package enum RemoteBackup {
    case object(any StoredBytes)
    /// Objects below it, as a directory dump has them.
    case directory(RemoteDirectory)

    /// - Returns: `nil` for a path.
    /// - Throws: ``Obstacle`` when nothing is there, or it can't be had.
    package static func find(
        _ address: String, in locations: any LocationFinder, cancellation: Cancellation
    ) throws -> RemoteBackup? {
        guard let object = try locations.remote(address) else { return nil }
        do {
            return .object(try object.location.open(object.path, cancellation: cancellation))
        } catch let obstacle as Obstacle where obstacle.reason == .unreadable {
            do {
                let directory = try RemoteDirectory(try locations.location(address), cancellation: cancellation)
                if !directory.objects.isEmpty { return .directory(directory) }
            } catch let other as Obstacle where other.reason != .interrupted {
                // What stood in the way of the object itself is told.
                throw obstacle
            }
            throw obstacle
        }
    }

    /// What it is.
    package func sniff() throws -> Sniffed {
        switch self {
        case .object(let bytes): try FormatSniffer.sniff(bytes)
        case .directory(let directory): directory.sniffed
        }
    }

    /// When the last of it was written, as the location says.
    var modified: Timestamp? {
        switch self {
        case .object(let bytes): bytes.modified
        case .directory(let directory): directory.objects.map(\.modified).max()
        }
    }
}
