import Backups

/// Reads the uncompressed data of entries through and counts it. One thread at a time.
final class EntryDataReader {
    private(set) var tally = ArchiveTally()
    private let harvest: DefinitionHarvest
    private let meter: ContentMeter
    private let buffer: UnsafeMutableRawBufferPointer

    init(_ harvest: DefinitionHarvest, _ meter: ContentMeter) {
        self.harvest = harvest
        self.meter = meter
        buffer = .allocate(byteCount: 256 << 10, alignment: 64)
    }

    deinit {
        buffer.deallocate()
    }

    /// Counts the rows of a `TABLE DATA` entry.
    /// - Parameter hasChecksum: whether the content carries one, asked when it was read to its end.
    func readRows(of entry: TOCEntry, from reader: any ByteReader, hasChecksum: () -> Bool) throws {
        let own = TableName(schema: entry.schema ?? "public", name: entry.tag)
        if let statement = entry.copyStatement {
            var counter = CopyDataCounter(of: entry.title)
            try forEachPiece(of: reader) { try counter.consume($0) }
            try counter.finish()
            let table = harvest.target(ofCopy: statement, schema: entry.schema) ?? own
            tally.rows[table, default: 0] += counter.rows
        } else {
            var counter = InsertDataCounter(of: entry.title, schema: entry.schema, harvest)
            try forEachPiece(of: reader) { try counter.consume($0) }
            try counter.finish()
            tally.rows[counter.table ?? own, default: 0] += counter.rows
        }
        countBlock(hasChecksum())
    }

    /// Reads a large object, of which any bytes are right.
    func readLargeObject(from reader: any ByteReader, hasChecksum: () -> Bool) throws {
        try forEachPiece(of: reader) { _ in }
        tally.largeObjects += 1
        countBlock(hasChecksum())
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
            try meter.add(count)
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
