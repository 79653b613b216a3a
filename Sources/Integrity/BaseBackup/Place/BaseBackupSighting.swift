package import Backups

/// Which files of a base backup are there at one moment, to tell whether some were removed or replaced since: what retention takes
/// while it is read is no fault of the backup.
package struct BaseBackupSighting: Sendable {
    /// By a hash of the path.
    private var sizes: [Int: UInt64] = [:]

    /// - Throws: ``Obstacle`` when the files can't be listed.
    init(_ files: any BaseBackupFiles) throws {
        for file in try files.tree().files { sizes[file.path.hashValue] = file.size }
    }

    /// Whether a file of this one is not there in `later`, or is another.
    package func hasLost(in later: BaseBackupSighting) -> Bool {
        sizes.contains { later.sizes[$0.key] != $0.value }
    }
}

extension BaseBackupPlace {
    /// What lies there now.
    /// - Throws: ``Obstacle`` when that can't be listed.
    package func sighting(_ cancellation: Cancellation) throws -> BaseBackupSighting {
        try BaseBackupSighting(files(cancellation))
    }
}
