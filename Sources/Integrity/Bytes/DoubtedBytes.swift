package import Backups

/// Bytes of a backup in which damage was found, and which came over a line that may have done it: they are read once more to their end
/// and held against what came first. Who brings the same bytes twice brings what lies there.
package struct DoubtedBytes: Sendable {
    private let source: any StoredBytes
    private let first: FileChecksum

    /// - Parameter first: of the bytes as they came.
    /// - Returns: `nil` where no line lies between, or what came was held against a digest of the store's.
    package init?(_ bytes: any StoredBytes, first: SHA256Digest) {
        guard let source = bytes.overLine else { return nil }
        self.init(again: source, first: FileChecksum(algorithm: .sha256, bytes: first.bytes))
    }

    init(again source: any StoredBytes, first: FileChecksum) {
        (self.source, self.first) = (source, first)
    }

    /// Blocking: never on the cooperative pool.
    /// - Throws: ``Obstacle``: `transfer-damaged` when other bytes come now; whatever keeps them from coming.
    package func confirm(progress: any ProgressObserver, cancellation: Cancellation) throws {
        let sum = ByteProgress(progress)
        if let size = source.size { sum.begin(total: size) }
        defer { if source.size != nil { sum.end() } }
        let reader = try source.makeReader(at: 0)
        var checksumming = try FileChecksumming(first.algorithm)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            try cancellation.check()
            let count = try reader.read(into: buffer)
            if count == 0 { break }
            try checksumming.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            sum.advance(by: UInt64(count))
        }
        guard try checksumming.finish() == first else {
            throw Obstacle(
                .transferDamaged, "\(source.name) comes differently each time that it is read",
                hint: "Something on the way damages it: try another line, or https.")
        }
    }
}
