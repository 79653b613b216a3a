import Backups

/// Walks the data blocks of a custom archive, one after the other, to the end of the file.
///
/// Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_custom.c, `_StartData`, `_StartLOs`, `_skipLOs`, `_readBlockHeader`.
struct CustomArchive {
    private enum BlockType {
        static let data: UInt8 = 1
        static let largeObjects: UInt8 = 3
    }

    private let input: ArchiveInput
    private let decoder: BlockDecoder
    private let data: EntryDataReader
    private var toc: ArchiveTOC
    /// Entries with data whose block was not met yet, by number.
    private var awaited: [Int: TOCEntry]
    /// Where each block that was met starts, by the number of its entry.
    private var starts: [Int: UInt64] = [:]
    private var largeObjects: LargeObjectLedger

    /// Reads a whole archive.
    /// - Throws: ``ContentDamage``, or ``Obstacle`` when it could not be read.
    static func read(
        _ input: ArchiveInput, _ limits: IntegrityLimits
    ) throws -> (toc: ArchiveTOC, tally: ArchiveTally) {
        let toc = try TOCReader.read(from: input, layout: .custom)
        var walk = try CustomArchive(input, toc, limits)
        try walk.readBlocks()
        return (toc, walk.data.tally)
    }

    private init(_ input: ArchiveInput, _ toc: ArchiveTOC, _ limits: IntegrityLimits) throws {
        self.input = input
        data = EntryDataReader(toc.harvest, ContentMeter(limits))
        self.toc = toc
        decoder = BlockDecoder(toc.header.compression)
        largeObjects = try LargeObjectLedger(toc)
        awaited = [:]
        for entry in toc.entries where entry.hasData { awaited[entry.identifier] = entry }
    }

    private mutating func readBlocks() throws {
        try checkOffsets()
        while let first = try input.peek().first {
            // No block has the type 0, and no table of contents starts with another byte: the sign of its length.
            if first == 0, awaited.isEmpty {
                try readTOCAgain()
                break
            }
            let start = input.position
            let type = try input.byte()
            guard type == BlockType.data || type == BlockType.largeObjects else {
                throw awaited.isEmpty
                    ? trailingBytes()
                    : input.damage("structure", .corrupt, "a data block has the unknown type \(type)")
            }
            let entry = try self.entry(of: type, startingAt: start)
            if type == BlockType.data {
                try readTable(entry)
            } else {
                try readLargeObjects()
            }
        }
        try checkAllFound()
        try largeObjects.checkAllMet()
    }

    private mutating func entry(of type: UInt8, startingAt start: UInt64) throws -> TOCEntry {
        let identifier = try input.integer()
        guard let entry = awaited.removeValue(forKey: identifier) else {
            throw input.damage(
                "structure", .corrupt, "a data block belongs to no entry, or is there twice (\(identifier))")
        }
        if case .block(let offset?) = entry.data, offset != start {
            throw input.damage(
                "structure", .corrupt, "the data of \(entry.title) starts at byte \(start) instead of \(offset)")
        }
        guard entry.isLargeObjects == (type == BlockType.largeObjects) else {
            throw input.damage("structure", .corrupt, "the data of \(entry.title) has the type \(type)")
        }
        starts[identifier] = start
        return entry
    }

    /// pg_dump goes back to write where each block starts into the table of contents. Where its output is open to
    /// append, as `pg_dump >> file` does it and pg_dump 18 by itself when it writes to standard output, that second
    /// table lands behind the last block. pg_restore reads the first one alone.
    private func readTOCAgain() throws {
        let count: Int
        do {
            count = try input.integer()
        } catch is ContentDamage {
            throw trailingBytes()
        }
        guard count == toc.entries.count else { throw trailingBytes() }
        let again = try TOCReader.read(toc, again: input)
        guard try input.isAtEnd() else { throw trailingBytes() }
        guard again.digest == toc.digest else {
            throw input.damage("toc", .corrupt, "the table of contents at the end differs from the one at the start")
        }
        for (entry, place) in zip(toc.entries, again.entries.map(\.data)) where entry.hasData || place != .none {
            guard let start = starts[entry.identifier], place == .block(offset: start) else {
                throw input.damage(
                    "toc", .corrupt, "the table of contents at the end is wrong about the data of \(entry.title)")
            }
        }
    }

    private func trailingBytes() -> ContentDamage {
        input.damage("structure", .trailingBytes, "bytes follow the last data block")
    }

    private func readTable(_ entry: TOCEntry) throws {
        let reader = try decoder.start(ChunkedBlock(input, of: entry.title), of: entry.title)
        try data.readRows(of: entry, from: reader, hasChecksum: { decoder.hasChecksum })
    }

    /// Each large object is its number and a block; the number 0 ends them.
    private mutating func readLargeObjects() throws {
        while true {
            let identifier = try input.objectIdentifier()
            guard identifier != 0 else { return }
            let title = "large object \(identifier)"
            try largeObjects.meet(identifier)
            let reader = try decoder.start(ChunkedBlock(input, of: title), of: title)
            try data.readLargeObject(from: reader, hasChecksum: { decoder.hasChecksum })
        }
    }

    /// An offset outside the file shows a cut before anything else is read.
    private func checkOffsets() throws {
        guard let size = input.size else { return }
        for entry in toc.entries {
            guard case .block(let offset?) = entry.data else { continue }
            guard offset >= input.position else {
                throw input.damage("toc", .corrupt, "the data of \(entry.title) starts inside the table of contents")
            }
            guard offset < size else {
                throw ContentDamage(
                    "structure", .truncated,
                    "the archive has \(size) bytes, and the data of \(entry.title) starts at byte \(offset) "
                        + "(\(input.name))", at: SourceLocation(offset: size))
            }
        }
    }

    private func checkAllFound() throws {
        guard let first = toc.entries.first(where: { awaited[$0.identifier] != nil }) else { return }
        // pg_dump writes the blocks in the order of the table of contents: a cut takes the last ones.
        let lastFound = toc.entries.last { $0.hasData && awaited[$0.identifier] == nil }
        let isAtEnd =
            lastFound.map { found in
                toc.entries.firstIndex(of: found) ?? 0 < toc.entries.firstIndex(of: first) ?? 0
            } ?? true
        throw input.damage(
            "structure", isAtEnd ? .truncated : .corrupt,
            "the archive has no data for \(awaited.count) of its entries, the first is \(first.title)")
    }
}
