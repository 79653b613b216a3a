/// The table of contents of an archive.
package struct ArchiveTOC: Sendable, Equatable {
    package var header: ArchiveHeader
    /// In the order of the archive.
    package var entries: [TOCEntry]
}
