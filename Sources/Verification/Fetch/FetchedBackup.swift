import Backups
import Integrity
import PostgreSQL

/// A backup within reach: recognised, and ready to be read.
struct FetchedBackup {
    /// The file, or the directory of a directory dump or base backup; `nil` for what has no name (standard input, a filter's output).
    let path: String?
    /// `nil` for a directory dump or a base backup, which their own readers read.
    let bytes: (any StoredBytes)?
    let format: BackupFormat
    let compression: Compression
    /// Holds the files at ``path`` that were fetched, and how many bytes they take.
    var copy: (folder: ScratchFolder, size: UInt64)?
    /// What the files at ``path`` are copies of, where they were fetched.
    var origin: RemoteDirectory?
    /// Where it lies, when it is a base backup.
    var base: BaseBackupPlace?
    /// What lies at ``path``, where somebody may write to it meanwhile.
    var sighting: DumpSighting?

    /// - Throws: ``Obstacle`` when what a restore read may be something else than what was proved.
    func expectUnchanged() throws {
        if format == .plain || format == .plainAll {
            // It is held open: only who writes into it changes it.
            try (bytes as? FileBytes)?.expectUnchanged()
        } else {
            try sighting?.expectUnchanged()
        }
    }
}
