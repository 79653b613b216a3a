import Backups
import Integrity

/// A small file that a tool fetched whole.
struct FetchedBytes: StoredBytes {
    let name: String
    let bytes: [UInt8]
    /// What is wrong with it: whoever reads it is told.
    var damage: ContentDamage?

    var size: UInt64? { UInt64(bytes.count) }

    func makeReader(at offset: UInt64) -> any ByteReader {
        Reader(bytes[min(bytes.count, Int(clamping: offset))...], damage)
    }

    private final class Reader: ByteReader {
        private var rest: ArraySlice<UInt8>
        private let damage: ContentDamage?

        init(_ rest: ArraySlice<UInt8>, _ damage: ContentDamage?) {
            (self.rest, self.damage) = (rest, damage)
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            if let damage { throw damage }
            let piece = rest.prefix(buffer.count)
            buffer.copyBytes(from: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
    }
}
