import Backups
import Integrity
import PostgreSQL

/// A backup whose bytes are whole, as far as they can show it, and all that was learned from them.
struct ProvedBytes: Sendable {
    /// How a loader gets at what is in it.
    enum Source: Sendable {
        /// SQL text, from any offset.
        case content(any Content, LoadPlan)
        /// For pg_restore.
        case archive(ArchiveSource, BackupFormat, ArchiveResult)
    }

    let contents: DumpContents
    let source: Source
    let stored: StoredFacts
    /// Bytes of the copy on disk, where the backup can be read once only; 0 elsewhere.
    let copied: UInt64
    let contentBytes: UInt64?
    /// A flipped letter, or a part gone missing, would have been seen.
    let content: ContentProof
    let checks: [Check]
}
