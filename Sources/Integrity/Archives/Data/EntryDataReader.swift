import Backups

/// Reads the uncompressed data of entries through and counts it. One thread at a time.
final class EntryDataReader {
    private(set) var tally = ArchiveTally()
    private let buffer: UnsafeMutableRawBufferPointer

    init() {
        buffer = .allocate(byteCount: 256 << 10, alignment: 64)
    }

    deinit {
        buffer.deallocate()
    }

    /// Counts the rows of a `TABLE DATA` entry.
    /// - Parameter hasChecksum: whether the content carries one, asked when it was read to its end.
    func readRows(of entry: TOCEntry, from reader: any ByteReader, hasChecksum: () -> Bool) throws {
        let (counted, statement) = try entry.copyStatement.map { statement in
            var counter = CopyDataCounter(of: entry.title)
            try forEachPiece(of: reader) { try counter.consume($0) }
            try counter.finish()
            return (counter.rows, statement)
        } ?? countInserts(of: entry, from: reader)
        let table = DataTarget.table(of: statement, schema: entry.schema)
            ?? TableName(schema: entry.schema ?? "", name: entry.tag)
        tally.rows[table, default: 0] += counted
        countBlock(hasChecksum())
    }

    /// Reads a large object, of which any bytes are right.
    func readLargeObject(from reader: any ByteReader, hasChecksum: () -> Bool) throws {
        try forEachPiece(of: reader) { _ in }
        tally.largeObjects += 1
        countBlock(hasChecksum())
    }

    private func countInserts(of entry: TOCEntry, from reader: any ByteReader) throws -> (UInt64, [UInt8]) {
        var counter = InsertDataCounter(of: entry.title)
        try forEachPiece(of: reader) { try counter.consume($0) }
        try counter.finish()
        return (counter.rows, counter.head)
    }

    private func countBlock(_ hasChecksum: Bool) {
        tally.blocks += 1
        if !hasChecksum { tally.blocksWithoutChecksum += 1 }
    }

    private func forEachPiece(of reader: any ByteReader, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        while true {
            let count = try reader.read(into: buffer)
            guard count > 0 else { return }
            tally.contentBytes += UInt64(count)
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
