/// The table of contents of an archive.
package struct ArchiveTOC: Sendable {
    package var header: ArchiveHeader
    /// In the order of the archive.
    package var entries: [TOCEntry]
    /// What its definitions say.
    let harvest: DefinitionHarvest
}
