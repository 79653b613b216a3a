import Backups
import Glibc

/// Finds the manifest of a backup.
enum ManifestSource {
    /// The manifest that was asked for, else the one beside the backup; `nil` when there is none.
    /// - Throws: ``Obstacle`` `manifest-unusable` for one that can't be read: never as if there were none.
    static func find(for request: VerificationRequest) throws -> Manifest? {
        if let path = request.manifest { return try ManifestFile.read(path) }
        guard request.backup != VerificationRequest.standardInput else { return nil }
        let beside = ManifestName.manifest(of: request.backup)
        guard access(beside, F_OK) == 0 else { return nil }
        return try ManifestFile.read(beside)
    }
}
