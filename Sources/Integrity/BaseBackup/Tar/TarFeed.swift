/// Counts the zeros that a tar ends with, while libarchive is given it.
final class TarFeed: ChunkFeed {
    /// How many bytes, counted from the last one given, are zero.
    private(set) var trailingZeros: UInt64 = 0

    override func note(_ chunk: UnsafeRawBufferPointer) {
        let zeros = chunk.lastIndex { $0 != 0 }.map { chunk.count - 1 - $0 } ?? chunk.count
        trailingZeros = zeros == chunk.count ? trailingZeros + UInt64(zeros) : UInt64(zeros)
    }
}
