import Backups

/// What a decoder gives, as a ``ByteReader``.
final class DecodedReader: ByteReader {
    private let decoder: any ContentDecoder

    init(_ decoder: any ContentDecoder) {
        self.decoder = decoder
    }

    /// - Throws: ``ContentDamage`` also when there is no member at all: even of empty data pg_dump writes one.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try decoder.decode(into: buffer)
        guard count > 0 || decoder.members.count > 0 else {
            throw ContentDamage("data", .truncated, "there is nothing where compressed data should be")
        }
        return count
    }

    /// Whether all that was read carried one checksum; known at the end. Of several members, each with its own, one may be
    /// gone with nothing to show it.
    var hasChecksum: Bool { decoder.members.allHaveChecksum && decoder.members.count == 1 }
}
