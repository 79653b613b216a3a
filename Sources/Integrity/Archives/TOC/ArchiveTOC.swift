import Backups

/// The table of contents of an archive.
package struct ArchiveTOC: Sendable {
    package var header: ArchiveHeader
    /// In the order of the archive.
    package var entries: [TOCEntry]
    /// What its definitions say.
    let harvest: DefinitionHarvest
    /// Of its entries' bytes, but for what pg_dump changes when it writes the table again: where data lies, and the SQL
    /// of statistics.
    let digest: SHA256Digest
}
