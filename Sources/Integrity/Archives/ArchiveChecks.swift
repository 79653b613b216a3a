import Backups

/// The checks that the integrity pass over an archive made, in words.
enum ArchiveChecks {
    /// So many names of strangers are told.
    private static let toldStrangers = 20

    static func toc(_ toc: ArchiveTOC) -> Check {
        .verified(
            "toc", in: .integrity,
            "table of contents of \(toc.entries.count) entries, archive version \(toc.header.version)"
                + " by pg_dump \(toc.header.toolVersion); it carries no checksum")
    }

    static func data(_ result: ArchiveResult) -> Check {
        let tally = result.tally
        var parts = ["\(result.contents.totalRows) rows in \(tally.tables) tables"]
        if tally.largeObjects > 0 { parts.append("\(tally.largeObjects) large objects") }
        let checksum = result.hasDataChecksum ? "its checksums compared" : "it carries no checksum"
        return .verified(
            "data", in: .integrity,
            "all data is there and was read to its end: \(parts.joined(separator: ", ")); \(checksum)")
    }

    static let tar = Check.verified(
        "tar", in: .integrity, "every member's head has its checksum, and the blocks that end the archive are there")

    /// Files that do not belong to the archive harm nothing: pg_restore never looks at them. They are told all the same,
    /// as they may be left over from another dump.
    static func files(_ count: Int, strangers: [String]) -> Check {
        guard !strangers.isEmpty else { return .verified("files", in: .integrity, "all \(count) files are there") }
        let more = strangers.count > toldStrangers ? ["and \(strangers.count - toldStrangers) more"] : []
        return .verified(
            "files", in: .integrity,
            "all \(count) files are there; \(strangers.count) more in the directory do not belong to the archive",
            details: strangers.prefix(toldStrangers) + more)
    }
}
