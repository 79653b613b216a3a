package import Backups
import Glibc

/// Where a base backup lies.
package enum BaseBackupPlace: Sendable {
    /// A directory of this machine.
    case directory(String)
    /// Everything below that location.
    case location(any Location)

    /// A file by which a base backup at a location is known.
    /// - Returns: `nil` when none lies there.
    /// - Throws: ``Obstacle`` when it can't be looked at.
    package static func mark(of location: any Location, cancellation: Cancellation) throws -> StoredObject? {
        for name in [BaseBackupNames.manifest] + BaseBackupNames.tars + [BaseBackupNames.control] {
            if let found = try location.find(name, cancellation: cancellation) { return found }
        }
        return nil
    }

    /// Whether the directory is not there at all.
    package var isGone: Bool {
        guard case .directory(let path) = self else { return false }
        return access(path, F_OK) != 0 && errno == ENOENT
    }

    func files(_ cancellation: Cancellation) throws -> any BaseBackupFiles {
        switch self {
        case .directory(let path): LocalBaseBackup(path)
        case .location(let location): try StoredBaseBackup(location, cancellation)
        }
    }
}
