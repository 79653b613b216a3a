import Backups
import Integrity

/// A backup within reach: recognised, and ready to be read.
struct FetchedBackup {
    /// The file, or the directory of a directory dump.
    let path: String
    /// `nil` for a directory dump, which its own reader reads.
    let bytes: (any StoredBytes)?
    /// Keeps the file in which they lie, where that is a temporary one.
    let spool: SpoolFile?
    let format: BackupFormat
    let compression: Compression
}
