package import Backups

/// Which files of a base backup are there at one moment, to tell whether some were removed or replaced since: what retention takes
/// while it is read is no fault of the backup.
package struct BaseBackupSighting: Sendable, Equatable {
    private var count = 0
    /// Of the paths and sizes, whatever their order.
    private var sum: UInt = 0

    /// - Throws: ``Obstacle`` when the files can't be listed.
    init(_ files: any BaseBackupFiles) throws {
        for file in try files.tree().files {
            var hasher = Hasher()
            hasher.combine(file.path)
            hasher.combine(file.size)
            count += 1
            sum &+= UInt(bitPattern: hasher.finalize())
        }
    }
}

extension BaseBackupPlace {
    /// What lies there now; `nil` where that can't be listed: it is gone, or nobody can tell.
    package func sighting(_ cancellation: Cancellation) -> BaseBackupSighting? {
        try? BaseBackupSighting(files(cancellation))
    }
}
