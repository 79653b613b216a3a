import Backups

/// Uncompresses the data blocks of one archive, all with the compression that its head names.
final class BlockDecoder {
    private let compression: Compression
    private let zlib: ZlibReader?

    init(_ compression: Compression) {
        self.compression = compression
        zlib = compression == .gzip ? ZlibReader() : nil
    }

    /// Whether the block that was read last carries a checksum of its content.
    var hasChecksum: Bool { compression == .gzip }

    /// A reader of the content of `block`; it replaces the one before.
    func start(_ block: any ByteReader, of title: String) throws -> any ByteReader {
        guard let zlib else { return block }
        try zlib.start(block, of: title)
        return zlib
    }
}
