import Backups
import Integrity

/// A stored file in memory, read in pieces of at most `piece` bytes.
struct MemoryBytes: StoredBytes {
    let name = "memory"
    let bytes: [UInt8]
    let piece: Int

    init(_ bytes: [UInt8], piece: Int = .max) {
        self.bytes = bytes
        self.piece = piece
    }

    var size: UInt64? { UInt64(bytes.count) }

    func makeReader(at offset: UInt64) throws -> any ByteReader {
        MemoryReader(bytes, at: Int(offset), piece: piece)
    }
}

final class MemoryReader: ByteReader {
    private let bytes: [UInt8]
    private var position: Int
    private let piece: Int

    init(_ bytes: [UInt8], at position: Int = 0, piece: Int) {
        self.bytes = bytes
        self.position = position
        self.piece = piece
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(piece, buffer.count, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }
}
