package import Backups

/// What the integrity pass over an archive found. That there is one says that the archive is whole.
package struct ArchiveResult: Sendable {
    package var contents: DumpContents
    package var toc: ArchiveTOC
    package var tally: ArchiveTally
    /// Size and SHA-256 of the archive as it is stored; of a directory see ``DirectoryDigest``.
    package var stored: StoredFacts
    /// Whether every byte that would be restored is covered by a checksum that was compared: never by the archive's own,
    /// since its table of contents has none (docs/decisions/0030-what-an-archive-proves.md), but by that of a gzip
    /// around all of it.
    package var hasContentChecksum: Bool
    /// Whether all data, though perhaps not the definitions, is covered by a checksum that was compared.
    package var hasDataChecksum: Bool
    package var checks: [Check]

    package var sha256: SHA256Digest { stored.sha256 }
    package var storedBytes: UInt64 { stored.size }
}

extension ArchiveResult {
    /// - Parameter isCoveredByChecksum: by one around the whole archive.
    init(
        file toc: ArchiveTOC, _ tally: ArchiveTally, _ format: BackupFormat, _ stored: StoredFacts,
        isCoveredByChecksum: Bool
    ) {
        self.init(
            toc, tally, stored, hasContentChecksum: isCoveredByChecksum,
            hasDataChecksum: isCoveredByChecksum || tally.blocksWithoutChecksum == 0)
        checks = [ArchiveChecks.toc(toc), ArchiveChecks.data(self)]
        if format == .tar { checks.append(ArchiveChecks.tar) }
    }

    init(directory findings: DirectoryArchive.Findings) {
        let isDataCovered = findings.tally.blocksWithoutChecksum == 0
        self.init(
            findings.toc, findings.tally, findings.facts,
            hasContentChecksum: findings.listsHaveChecksum && isDataCovered, hasDataChecksum: isDataCovered)
        checks = [
            ArchiveChecks.toc(toc), ArchiveChecks.files(findings.fileCount, strangers: findings.strangers),
            ArchiveChecks.data(self),
        ]
    }

    private init(
        _ toc: ArchiveTOC, _ tally: ArchiveTally, _ stored: StoredFacts, hasContentChecksum: Bool,
        hasDataChecksum: Bool
    ) {
        contents = DumpContents(of: toc, tally)
        self.toc = toc
        self.tally = tally
        self.stored = stored
        self.hasContentChecksum = hasContentChecksum
        self.hasDataChecksum = hasDataChecksum
        checks = []
    }
}
