internal import Backups

/// What stands in a ring, as a ``ByteReader``.
final class RingReader: ByteReader {
    private let source: RingSource
    private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)

    init(_ ring: BufferRing) {
        source = RingSource(ring)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if chunk.isEmpty { chunk = try source.nextChunk() }
        let count = min(chunk.count, buffer.count)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        chunk = UnsafeRawBufferPointer(rebasing: chunk[count...])
        return count
    }
}
