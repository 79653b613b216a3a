package import Backups

/// What the integrity pass over an archive found. That there is one says that the archive is whole.
package struct ArchiveResult: Sendable {
    package var contents: DumpContents
    package var toc: ArchiveTOC
    package var tally: ArchiveTally
    /// Of a file its SHA-256. Of a directory the SHA-256 over a line `<hex sha256>  <file name>\n` for each of the
    /// archive's files, sorted by the bytes of the name: what `sha256sum` prints, sorted, digested.
    package var sha256: SHA256Digest?
    /// Of all files of the archive.
    package var storedBytes: UInt64
    /// Whether every byte that would be restored is covered by a checksum: never by the archive's own, since its table
    /// of contents has none (docs/decisions/0030-what-an-archive-proves.md), but by that of a gzip around it.
    package var hasContentChecksum: Bool
    /// Whether all data blocks are covered by a checksum.
    package var hasDataChecksum: Bool
    package var checks: [Check]
}
