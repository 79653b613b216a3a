import Backups

/// Reads a table of contents, holding it against all that pg_dump keeps to.
///
/// The table of contents carries no checksum in any format: what is caught here is what breaks its structure. A letter
/// flipped inside a definition is not (docs/decisions/0030-what-an-archive-proves.md).
/// Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_archiver.c, ReadToc; `_ReadExtraToc` of pg_backup_custom.c,
/// pg_backup_directory.c and pg_backup_tar.c.
struct TOCReader {
    /// Kinds whose SQL is kept: of these it is data.
    private static let kept: Set<String> = ["ENCODING", "BLOB METADATA"]
    /// pg_dump asks for the SQL of these as late as it writes the table, and only once.
    private static let statistics = "STATISTICS DATA"
    private static let longestKept = 64 << 20
    private static let longestName = 1 << 20
    /// More than any server could have dumped.
    private static let mostEntries = 1 << 28

    private let input: ArchiveInput
    private let layout: ArchiveLayout
    private let header: ArchiveHeader
    private let isAgain: Bool
    private let digest: SHA256
    private var seen: Set<Int> = []
    private var harvest = DefinitionHarvest()

    /// - Throws: ``ContentDamage``, or ``Obstacle`` for a version that is not known.
    static func read(from input: ArchiveInput, layout: ArchiveLayout) throws -> ArchiveTOC {
        let header = try ArchiveHeader(from: input, layout: layout)
        let count = try input.integer()
        guard (0...mostEntries).contains(count) else {
            throw input.damage("toc", .corrupt, "the table of contents claims \(count) entries")
        }
        return try TOCReader(input, layout, header, isAgain: false).read(count)
    }

    /// Reads what follows the number of entries where pg_dump wrote the table of a custom archive `again`, with what it
    /// knew once the data was out.
    ///
    /// It has no head, and no SQL of statistics: pg_dump seeks past what the first table has of these.
    /// Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_custom.c, `_CloseArchive`; pg_backup_archiver.c, WriteToc.
    /// - Throws: ``ContentDamage``.
    static func read(_ toc: ArchiveTOC, again input: ArchiveInput) throws -> ArchiveTOC {
        try TOCReader(input, .custom, toc.header, isAgain: true).read(toc.entries.count)
    }

    private init(_ input: ArchiveInput, _ layout: ArchiveLayout, _ header: ArchiveHeader, isAgain: Bool) throws {
        self.input = input
        self.layout = layout
        self.header = header
        self.isAgain = isAgain
        digest = try SHA256()
    }

    private consuming func read(_ count: Int) throws -> ArchiveTOC {
        var entries: [TOCEntry] = []
        entries.reserveCapacity(min(count, 4096))
        input.digest(into: digest)
        for _ in 0..<count { entries.append(try entry()) }
        try input.endDigest()
        return ArchiveTOC(header: header, entries: entries, harvest: harvest, digest: try digest.finish())
    }

    private mutating func entry() throws -> TOCEntry {
        let identifier = try input.integer()
        guard identifier > 0, seen.insert(identifier).inserted else {
            throw input.damage("toc", .corrupt, "an entry has the number \(identifier), which is used up or no number")
        }
        let hasDumper = try flag("data flag")
        let catalogTable = try number("catalog table")
        let catalogObject = try number("catalog object")
        let tagBytes = try input.bytes(limit: Self.longestName, of: "name") ?? []
        let kind = try self.kind()
        guard let section = TOCEntry.Section(rawValue: try input.integer()) else {
            throw input.damage("toc", .corrupt, "an entry of the kind \(kind) is in no known section")
        }
        let definition = try self.definition(of: kind)
        _ = try input.skipString(of: "drop statement")
        let copyStatement = try input.bytes(limit: Self.longestName, of: "COPY statement")
        let schema = try name("schema")
        _ = try name("tablespace")
        if header.version >= .withTableAccessMethod { _ = try name("access method") }
        if header.version >= .withRelationKind { try relationKind() }
        let owner = try name("owner") ?? ""
        try objectIdentifiersFlag()
        let dependencies = try dependencies()
        let tag = harvest.encoding.decode(tagBytes)
        let data = try dataPlace(hasDumper: hasDumper, "\(kind) \(tag)")
        if let definition, DefinitionHarvest.kinds.contains(kind) {
            try checkSetting(definition, of: kind)
            // Before 1.13 names in definitions were bare, and the search path was set for each entry.
            let searched = header.version < .withQualifiedNames ? schema : nil
            try harvest.read(definition, schema: searched, "\(kind) \(tag)")
        }
        return TOCEntry(
            identifier: identifier, catalogTable: catalogTable, catalogObject: catalogObject, tag: tag, kind: kind,
            section: section, definition: Self.kept.contains(kind) ? definition : nil,
            copyStatement: copyStatement.flatMap { $0.isEmpty ? nil : $0 }, schema: schema, owner: owner,
            dependencies: dependencies, data: data)
    }

    /// `SET name = 'value';` of the two entries that pg_restore reads by itself.
    private func checkSetting(_ definition: [UInt8], of kind: String) throws {
        let known: (String) -> Bool
        switch kind {
        case "ENCODING": known = { ServerEncodings.names.contains($0) }
        case "STDSTRINGS": known = { $0 == "on" || $0 == "off" }
        default: return
        }
        guard let value = ArchiveTOC.quotedValue(in: definition), known(value) else {
            throw input.damage("toc", .corrupt, "the entry \(kind) does not have a value that PostgreSQL knows")
        }
    }

    /// A text in the encoding of the archive; `nil` when it is empty.
    private func name(_ field: String) throws -> String? {
        let bytes = try input.bytes(limit: Self.longestName, of: field) ?? []
        return bytes.isEmpty ? nil : harvest.encoding.decode(bytes)
    }

    private func definition(of kind: String) throws -> [UInt8]? {
        guard kind != Self.statistics else {
            if !isAgain { try undigested { _ = try input.skipString(of: "definition") } }
            return nil
        }
        guard DefinitionHarvest.kinds.contains(kind) || Self.kept.contains(kind) else {
            _ = try input.skipString(of: "definition")
            return nil
        }
        return try input.bytes(limit: Self.longestKept, of: "definition")
    }

    private func flag(_ field: String) throws -> Bool {
        let value = try input.integer()
        guard value == 0 || value == 1 else {
            throw input.damage("toc", .corrupt, "the \(field) of an entry is \(value)")
        }
        return value == 1
    }

    /// An OID, "recorded as a string for historical reasons".
    private func number(_ field: String) throws -> UInt32 {
        guard let value = UInt32(try input.string(limit: 16, of: field) ?? "") else {
            throw input.damage("toc", .corrupt, "the \(field) of an entry is no number")
        }
        return value
    }

    /// All kinds are words of capital letters.
    private func kind() throws -> String {
        let kind = try input.string(limit: 64, of: "kind") ?? ""
        guard !kind.isEmpty, kind.utf8.allSatisfy({ (0x41...0x5A).contains($0) || $0 == 0x20 }) else {
            throw input.damage("toc", .corrupt, "an entry is of the impossible kind \"\(kind)\"")
        }
        return kind
    }

    private func relationKind() throws {
        let kind = try input.integer()
        guard kind == 0 || (0x41...0x7A).contains(kind) else {
            throw input.damage("toc", .corrupt, "the relation kind of an entry is \(kind)")
        }
    }

    private func objectIdentifiersFlag() throws {
        let text = try input.string(limit: 8, of: "WITH OIDS flag")
        guard text == "true" || text == "false" else {
            throw input.damage("toc", .corrupt, "the WITH OIDS flag of an entry is neither true nor false")
        }
    }

    private func dependencies() throws -> [Int] {
        var numbers: [Int] = []
        while let dependency = try input.string(limit: 16, of: "dependency") {
            guard let number = Int(dependency), number > 0 else {
                throw input.damage("toc", .corrupt, "the dependency \"\(dependency)\" of an entry is no number")
            }
            numbers.append(number)
        }
        return numbers
    }

    private func dataPlace(hasDumper: Bool, _ title: String) throws -> TOCEntry.DataPlace {
        let place = layout == .custom ? try blockPlace() : try filePlace(title)
        guard hasDumper == (place != .none) else {
            throw input.damage("toc", .corrupt, "the entry \(title) disagrees with itself whether it has data")
        }
        return place
    }

    /// `K_OFFSET_POS_NOT_SET` 1, `K_OFFSET_POS_SET` 2, `K_OFFSET_NO_DATA` 3.
    private func blockPlace() throws -> TOCEntry.DataPlace {
        let (state, offset) = try undigested {
            (try input.byte(), try input.unsigned(bytes: header.offsetSize))
        }
        switch state {
        case 1: return .block(offset: nil)
        case 2: return .block(offset: offset)
        case 3 where !isAgain || offset == 0: return .none
        default: throw input.damage("toc", .corrupt, "the data of an entry is in the unknown state \(state)")
        }
    }

    /// Goes past what differs when the table is written again.
    private func undigested<Field>(_ read: () throws -> Field) throws -> Field {
        try input.endDigest()
        let field = try read()
        input.digest(into: digest)
        return field
    }

    private func filePlace(_ title: String) throws -> TOCEntry.DataPlace {
        guard let name = try input.string(limit: 255, of: "file name"), !name.isEmpty else { return .none }
        guard ArchiveFileName.isSafe(name) else {
            throw input.damage("toc", .corrupt, "the data of \(title) is in the impossible file \"\(name)\"")
        }
        return .file(name)
    }
}
