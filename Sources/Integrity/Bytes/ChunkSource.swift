internal import Backups

/// Bytes in order, lent piece by piece without copying. One thread at a time.
protocol ChunkSource: AnyObject {
    /// The next bytes, which stay valid until the next call; empty only at the end.
    /// - Throws: ``Obstacle`` when they could not be read.
    func nextChunk() throws -> UnsafeRawBufferPointer
}

/// Lends what a ``ByteReader`` fills into a buffer of its own.
final class ReaderSource: ChunkSource {
    private let reader: any ByteReader
    private let buffer: UnsafeMutableRawBufferPointer

    init(_ reader: any ByteReader, bufferSize: Int = 256 << 10) {
        self.reader = reader
        buffer = .allocate(byteCount: bufferSize, alignment: 4096)
    }

    deinit {
        buffer.deallocate()
    }

    func nextChunk() throws -> UnsafeRawBufferPointer {
        let count = try reader.read(into: buffer)
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }
}
