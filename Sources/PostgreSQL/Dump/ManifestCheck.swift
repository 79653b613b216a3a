package import Backups

/// Is this file the one that the manifest speaks of? By its size and its SHA-256.
package enum ManifestCheck {
    package static let name = "manifest-digest"

    /// Pure: for who has read the bytes already.
    package static func compare(_ manifest: Manifest, with digest: BackupDigest) -> Check {
        guard digest.size == manifest.backup.size else {
            return .failed(
                name, in: .integrity, .sizeMismatch,
                "the backup has \(Quantity.count(digest.size)) bytes, its manifest says \(Quantity.count(manifest.backup.size))"
            )
        }
        guard digest.sha256 == manifest.backup.sha256 else {
            return .failed(
                name, in: .integrity, .digestMismatch,
                "the backup is not the file that its manifest describes: its SHA-256 is \(digest.sha256), "
                    + "not \(manifest.backup.sha256)")
        }
        return .verified(name, in: .integrity, "the bytes are those of the manifest (SHA-256)")
    }

    /// Reads the bytes.
    package static func run(_ manifest: Manifest, path: String, cancellation: Cancellation) throws -> Check {
        compare(manifest, with: try BackupDigest.read(path, cancellation: cancellation))
    }
}
