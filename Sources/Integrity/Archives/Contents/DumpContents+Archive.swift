import Backups

extension DumpContents {
    /// Entries about the session or the database as a whole: there in every archive, whatever was asked for.
    private static let always: Set<String> = [
        "ENCODING", "STDSTRINGS", "SEARCHPATH", "DATABASE", "DATABASE PROPERTIES",
    ]
    /// Kinds that are data although some stand in another section.
    private static let dataKinds: Set<String> = [
        "TABLE DATA", "BLOBS", "BLOB", "BLOB METADATA", "BLOB COMMENTS", "SEQUENCE SET", "STATISTICS DATA",
    ]

    /// What an archive holds.
    ///
    /// `databases` stays empty: pg_restore loads an archive into the database that it is told, unless it is asked to
    /// create one. `underRowSecurity` stays false: an archive does not say whether it was made with
    /// `--enable-row-security`, that is known only when it is turned into SQL.
    init(of toc: ArchiveTOC, _ tally: ArchiveTally) {
        var builder = toc.harvest.contents
        for (table, rows) in tally.rows { builder.count(rows, in: table) }
        let header = DumpHeader(
            serverVersion: toc.header.serverVersion, toolVersion: toc.header.toolVersion,
            startedAt: toc.header.createdAt, clientEncoding: toc.clientEncoding)
        self = builder.finish(header: header, databases: [])
        largeObjects = tally.largeObjects
        hasData = tally.blocks > 0
        hasSchema = toc.entries.contains { entry in
            !Self.dataKinds.contains(entry.kind) && !Self.always.contains(entry.kind)
                && (entry.section == .preData || entry.section == .postData)
        }
        for entry in toc.entries where !entry.owner.isEmpty { roles.insert(entry.owner) }
    }
}

extension ArchiveTOC {
    /// Value of `SET client_encoding = 'UTF8';`.
    var clientEncoding: String? {
        entries.first { $0.kind == "ENCODING" }?.definition.flatMap { Self.quotedValue(in: $0) }
    }

    /// What stands between the two quotes.
    static func quotedValue(in definition: [UInt8]) -> String? {
        let parts = definition.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
        return parts.count == 3 ? String(decoding: parts[1], as: UTF8.self) : nil
    }
}
