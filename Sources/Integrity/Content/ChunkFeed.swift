internal import CArchive

/// Gives libarchive its bytes, in the buffers they come in. Subclasses look at them on the way.
class ChunkFeed {
    private let source: any ChunkSource
    /// Bytes given so far.
    private(set) final var offset: UInt64 = 0
    private(set) final var isAtEnd = false
    /// What the source threw; libarchive only hears that something did.
    private(set) final var error: (any Error)?

    init(_ source: any ChunkSource) {
        self.source = source
    }

    /// Sees every buffer once, in order.
    func note(_ chunk: UnsafeRawBufferPointer) {}

    /// libarchive's read callback: the block stays valid until the next call.
    final func next(_ block: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
        do {
            let chunk = try take()
            block?.pointee = chunk.baseAddress
            return chunk.count
        } catch {
            self.error = error
            return Int(ARCHIVE_FATAL)
        }
    }

    /// Reads on to the end of the source.
    final func drain() throws {
        while !isAtEnd { _ = try take() }
    }

    private func take() throws -> UnsafeRawBufferPointer {
        if isAtEnd { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let chunk = try source.nextChunk()
        isAtEnd = chunk.isEmpty
        offset += UInt64(chunk.count)
        note(chunk)
        return chunk
    }
}
