import Backups
@testable import Integrity

/// Stored bytes of a test, read in pieces of any size.
struct BytesInMemory: StoredBytes {
    let bytes: [UInt8]
    let piece: Int

    init(_ bytes: [UInt8], inPiecesOf piece: Int = .max) {
        self.bytes = bytes
        self.piece = piece
    }

    var name: String { "archive" }
    var size: UInt64? { UInt64(bytes.count) }

    func makeReader(at offset: UInt64) throws -> any ByteReader {
        Reader(bytes, from: Int(offset), inPiecesOf: piece)
    }

    private final class Reader: ByteReader {
        private let bytes: [UInt8]
        private let piece: Int
        private var position: Int

        init(_ bytes: [UInt8], from position: Int, inPiecesOf piece: Int) {
            self.bytes = bytes
            self.position = position
            self.piece = piece
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            let count = min(buffer.count, bytes.count - position, piece)
            bytes.withUnsafeBytes {
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
            }
            position += count
            return count
        }
    }
}
