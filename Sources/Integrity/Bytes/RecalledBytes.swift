package import Backups

/// Bytes from beyond a line, which are the same each time that they are read, or not given at all.
///
/// What is in a backup is proved of the bytes that came first; the restore reads them again, in parts, and most stores have a digest of the
/// whole only. Whatever a line does to the second reading would be blamed on the backup. So sums of what came first are kept, four bytes for
/// each ``ChunkSums/length``, and what comes later is held against them, piece by piece, before anybody sees it: a piece that came otherwise is
/// read again, and is an ``Obstacle`` (`transfer-damaged`) when it does not come as it was.
package final class RecalledBytes: StoredBytes {
    private let source: any StoredBytes
    private let sums = ChunkSums()

    package init(_ source: any StoredBytes) {
        self.source = source
    }

    package var name: String { source.name }
    package var size: UInt64? { source.size }
    package var modified: Timestamp? { source.modified }
    package var factsBeforeFilter: StoredFacts? { source.factsBeforeFilter }
    package var overLine: (any StoredBytes)? { source.overLine }

    package func makeReader(at offset: UInt64) throws -> any ByteReader {
        RecalledReader(source, at: offset, sums)
    }
}
