/// Lends the buffers of a ring; each goes back when the next one is asked for.
final class RingSource: ChunkSource {
    private let ring: BufferRing
    private var holdsSlot = false

    init(_ ring: BufferRing) {
        self.ring = ring
    }

    func nextChunk() throws -> UnsafeRawBufferPointer {
        if holdsSlot {
            holdsSlot = false
            ring.release()
        }
        guard let filled = try ring.nextFilled() else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        holdsSlot = true
        return filled.bytes
    }
}
