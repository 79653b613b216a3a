import Backups

/// Walks the members of a tar archive that pg_dump wrote, to the end of the file.
///
/// The table of contents comes first, the data in its order, large objects before their list, a script last, then two
/// blocks of zeros. Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_tar.c.
struct TarArchive {
    private static let tableOfContents = "toc.dat"
    private static let script = "restore.sql"

    private let input: ArchiveInput
    private let data: EntryDataReader
    private let toc: ArchiveTOC
    /// Entries with rows whose member was not met yet, by its name.
    private var awaitedTables: [String: TOCEntry] = [:]
    private var awaitedLists: Set<String> = []
    private var listed: Set<UInt32> = []
    private var found: Set<UInt32> = []
    private var largeObjects: LargeObjectLedger
    private var hasScript = false

    /// Reads a whole archive.
    /// - Throws: ``ContentDamage``, or ``Obstacle`` when it could not be read or is not one of pg_dump.
    static func read(
        _ input: ArchiveInput, _ limits: IntegrityLimits
    ) throws -> (toc: ArchiveTOC, tally: ArchiveTally) {
        var walk = try TarArchive(input, limits)
        while let member = try walk.nextMember() { try walk.read(member) }
        try walk.checkEnd()
        try walk.checkAllFound()
        try walk.largeObjects.checkAllMet()
        return (walk.toc, walk.data.tally)
    }

    private init(_ input: ArchiveInput, _ limits: IntegrityLimits) throws {
        self.input = input
        guard let first = try Self.member(from: input) else {
            throw input.damage("tar", .corrupt, "the archive has no members")
        }
        guard first.name == Self.tableOfContents else {
            throw Obstacle(
                .unsupportedFormat,
                "the tar archive starts with \(first.name), so it is not one that pg_dump -Ft wrote",
                hint: "If it holds the directory of a pg_dump -Fd, unpack it and verify the directory.")
        }
        toc = try Self.readTOC(first, from: input)
        data = EntryDataReader(toc.harvest, ContentMeter(limits))
        largeObjects = try LargeObjectLedger(toc)
        for entry in toc.entries where entry.hasData {
            if entry.isLargeObjects {
                awaitedLists.insert(LargeObjectList.fileName(of: entry, toc.header.version))
            } else if case .file(let name) = entry.data {
                guard awaitedTables.updateValue(entry, forKey: name) == nil else {
                    throw input.damage("toc", .corrupt, "two entries share the file \(name)")
                }
            }
        }
    }

    private static func readTOC(_ member: TarMember, from input: ArchiveInput) throws -> ArchiveTOC {
        let content = TarMemberContent(member, in: input)
        let inner = ArchiveInput(content, name: member.name, size: member.size, cancellation: Cancellation())
        let toc = try TOCReader.read(from: inner, layout: .tar)
        guard try inner.isAtEnd() else {
            throw input.damage("toc", .trailingBytes, "bytes follow the table of contents in \(member.name)")
        }
        try skipPadding(of: member, in: input)
        return toc
    }

    private static func member(from input: ArchiveInput) throws -> TarMember? {
        try TarMember(try block(from: input), in: input)
    }

    private static func block(from input: ArchiveInput) throws -> [UInt8] {
        var block: [UInt8] = []
        block.reserveCapacity(TarMember.blockSize)
        while block.count < TarMember.blockSize { block.append(try input.byte()) }
        return block
    }

    private static func skipPadding(of member: TarMember, in input: ArchiveInput) throws {
        for _ in 0..<member.padding where try input.byte() != 0 {
            throw input.damage("tar", .corrupt, "the padding of \(member.name) is not zero")
        }
    }

    private func nextMember() throws -> TarMember? {
        try Self.member(from: input)
    }

    private mutating func read(_ member: TarMember) throws {
        let content = TarMemberContent(member, in: input)
        if let entry = awaitedTables.removeValue(forKey: member.name) {
            try data.readRows(of: entry, from: content, hasChecksum: { false })
        } else if awaitedLists.remove(member.name) != nil {
            let inner = ArchiveInput(content, name: member.name, size: member.size, cancellation: Cancellation())
            for file in try LargeObjectList(from: inner).files { listed.insert(file.identifier) }
        } else if let identifier = LargeObjectList.identifier(inFileName: member.name) {
            try largeObjects.meet(identifier)
            found.insert(identifier)
            try data.readLargeObject(from: content, hasChecksum: { false })
        } else if member.name == Self.script, !hasScript {
            hasScript = true
            try content.skip()
        } else {
            throw input.damage(
                "structure", .corrupt, "the member \(member.name) belongs to no entry, or is there twice")
        }
        try Self.skipPadding(of: member, in: input)
    }

    /// The first block of zeros was met. pg_dump before 9.3 wrote only one; the rest of the file may only be zeros.
    private func checkEnd() throws {
        if try input.isAtEnd() {
            let isOld = toc.header.toolVersion.hasPrefix("8.") || toc.header.toolVersion.hasPrefix("9.")
            guard isOld else { throw input.cut("the blocks of zeros that end it") }
            return
        }
        guard try Self.block(from: input).allSatisfy({ $0 == 0 }) else { throw trailing() }
        while try !input.isAtEnd() {
            let bytes = try input.peek()
            guard bytes.allSatisfy({ $0 == 0 }) else { throw trailing() }
            input.advance(bytes.count)
        }
    }

    private func trailing() -> ContentDamage {
        input.damage("tar", .trailingBytes, "bytes follow the blocks of zeros that end the archive")
    }

    private func checkAllFound() throws {
        if let entry = awaitedTables.values.min(by: { $0.identifier < $1.identifier }) {
            throw input.damage(
                "structure", .missingFile,
                "the archive has no data for \(awaitedTables.count) of its entries, one is \(entry.title)")
        }
        if let name = awaitedLists.min() {
            throw input.damage("structure", .missingFile, "the archive has no list of large objects \(name)")
        }
        if let identifier = listed.symmetricDifference(found).min() {
            throw input.damage(
                "structure", listed.contains(identifier) ? .missingFile : .corrupt,
                listed.contains(identifier)
                    ? "the archive has no member for large object \(identifier), which its list names"
                    : "the archive has large object \(identifier), which no list names")
        }
        guard hasScript else {
            throw input.damage(
                "structure", .missingFile, "the archive has no \(Self.script), the last that pg_dump writes")
        }
    }
}
