import Backups

/// Uncompresses the data blocks of one archive, all with the compression that its head names.
///
/// Source: PostgreSQL 18 src/bin/pg_dump/compress_gzip.c (a zlib stream), compress_lz4.c and compress_zstd.c (a frame,
/// which pg_dump writes without a checksum of its content).
final class BlockDecoder {
    private let compression: Compression
    private let zlib: ZlibReader?
    private var frames: DecodedReader?

    init(_ compression: Compression) {
        self.compression = compression
        zlib = compression == .gzip ? ZlibReader() : nil
    }

    /// Whether the block that was read last carries a checksum of its content; known when it was read to its end.
    var hasChecksum: Bool { zlib != nil || frames?.hasChecksum ?? false }

    /// A reader of the content of `block`; it replaces the one before.
    func start(_ block: any ByteReader, of title: String) throws -> any ByteReader {
        if let zlib {
            try zlib.start(block, of: title)
            return zlib
        }
        guard compression != .none else { return block }
        let reader = DecodedReader(try compression.makeDecoder(ReaderSource(block, bufferSize: 64 << 10)))
        frames = reader
        return reader
    }
}
