package import Backups

/// The content of a stored file, read from any offset: nothing to inflate, or a gzip file with the checkpoints that an
/// ``IntegrityPass`` left. All else is read and dropped from the start.
package struct CheckpointedContent: Content {
    private let source: any StoredBytes
    private let compression: Compression
    private let checkpoints: [Checkpoint]

    package init(source: any StoredBytes, compression: Compression, checkpoints: [Checkpoint] = []) {
        self.source = source
        self.compression = compression
        self.checkpoints = checkpoints
    }

    /// gzip counts as seekable: how far before an offset its checkpoint lies is what the consumer of the pass asked for.
    package var isSeekable: Bool { compression == .none || compression == .gzip }

    /// Read into buffers of 64 KiB and more: each call costs ISA-L a copy of the last 32 KiB.
    /// - Throws: ``Obstacle`` when the bytes can't be had; ``ContentDamage`` when they are damaged before `offset`.
    package func open(at offset: UInt64) throws -> any ByteReader {
        if compression == .none { return try source.makeReader(at: offset) }
        let checkpoint = nearest(offset)
        let input = ReaderSource(try source.makeReader(at: checkpoint?.storedOffset ?? 0))
        let decoder: any ContentDecoder =
            if let checkpoint {
                GzipDecoder(ByteInput(input, at: checkpoint.storedOffset), resuming: checkpoint.snapshot)
            } else {
                try compression.makeDecoder(input)
            }
        let reader = DecodingReader(decoder)
        try reader.skip(offset - (checkpoint?.contentOffset ?? 0))
        return reader
    }

    /// The last checkpoint that is not after `offset`.
    private func nearest(_ offset: UInt64) -> Checkpoint? {
        var low = 0
        var high = checkpoints.count
        while low < high {
            let middle = (low + high) / 2
            if checkpoints[middle].contentOffset <= offset { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? checkpoints[low - 1] : nil
    }
}

/// Content as a ``ByteReader``.
final class DecodingReader: ByteReader {
    private let decoder: any ContentDecoder

    init(_ decoder: any ContentDecoder) {
        self.decoder = decoder
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try decoder.decode(into: buffer)
    }

    /// Drops the next `count` bytes, or what there is.
    func skip(_ count: UInt64) throws {
        guard count > 0 else { return }
        let dropped = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { dropped.deallocate() }
        var left = count
        while left > 0 {
            let wanted = min(left, UInt64(dropped.count))
            let read = try decoder.decode(into: UnsafeMutableRawBufferPointer(rebasing: dropped[..<Int(wanted)]))
            if read == 0 { return }
            left -= UInt64(read)
        }
    }
}
