package import Backups

/// What was found in the data of an archive.
package struct ArchiveTally: Sendable, Equatable {
    package var rows: [TableName: UInt64] = [:]
    package var largeObjects: UInt64 = 0
    /// Data blocks or files, those of large objects included.
    package var blocks: UInt64 = 0
    /// Bytes of data, uncompressed.
    package var contentBytes: UInt64 = 0
    /// Data blocks or files that carry no checksum of their content.
    package var blocksWithoutChecksum: UInt64 = 0

    package init() {}

    /// Tables with data, even if it is no row.
    package var tables: Int { rows.count }

    mutating func add(_ other: ArchiveTally) {
        rows.merge(other.rows, uniquingKeysWith: +)
        largeObjects += other.largeObjects
        blocks += other.blocks
        contentBytes += other.contentBytes
        blocksWithoutChecksum += other.blocksWithoutChecksum
    }
}
