/// A cursor over a ``ChunkSource`` that knows its offset in the stored bytes.
final class ByteInput {
    private let source: any ChunkSource
    private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)
    private var position = 0
    private var chunkOffset: UInt64
    private var ended = false

    /// - Parameter offset: where the first byte of `source` lies in the stored bytes.
    init(_ source: any ChunkSource, at offset: UInt64 = 0) {
        self.source = source
        chunkOffset = offset
    }

    /// Offset of the next byte in the stored bytes.
    var offset: UInt64 { chunkOffset + UInt64(position) }

    /// What of the present chunk was not taken yet.
    var remaining: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: chunk[position...]) }

    func advance(by count: Int) {
        position += count
    }

    /// Sees to it that ``remaining`` is not empty.
    /// - Returns: `false` at the end of the bytes.
    func fill() throws -> Bool {
        if position < chunk.count { return true }
        if ended { return false }
        chunkOffset += UInt64(chunk.count)
        // The old chunk is no longer ours, even when the source throws.
        chunk = UnsafeRawBufferPointer(start: nil, count: 0)
        position = 0
        chunk = try source.nextChunk()
        ended = chunk.isEmpty
        return !ended
    }

    /// - Returns: `nil` at the end.
    func nextByte() throws -> UInt8? {
        guard try fill() else { return nil }
        defer { position += 1 }
        return chunk[position]
    }
}
