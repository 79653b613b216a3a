import Backups

@testable import Integrity

/// Decodes all of some bytes with the reader under test.
enum Decoded {
    /// - Parameters:
    ///   - piece: input comes in pieces of so many bytes.
    ///   - room: output goes into buffers of so many.
    static func content(
        _ bytes: [UInt8], _ compression: Compression = .gzip, piece: Int = 1 << 20, room: Int = 1 << 16
    ) throws -> [UInt8] {
        try contentAndFacts(bytes, compression, piece: piece, room: room).0
    }

    static func contentAndFacts(
        _ bytes: [UInt8], _ compression: Compression = .gzip, piece: Int = 1 << 20, room: Int = 1 << 16
    ) throws -> ([UInt8], MemberFacts) {
        let source = ReaderSource(MemoryReader(bytes, piece: piece), bufferSize: min(piece, 1 << 20))
        let decoder = try compression.makeDecoder(source)
        var buffer = [UInt8](repeating: 0, count: room)
        var content: [UInt8] = []
        while true {
            let count = try buffer.withUnsafeMutableBytes { try decoder.decode(into: $0) }
            content += buffer.prefix(count)
            if count < room { return (content, decoder.members) }
        }
    }

    /// Why the bytes are refused; `nil` when they are not.
    static func damage(
        _ bytes: [UInt8], _ compression: Compression = .gzip, piece: Int = 1 << 20, room: Int = 1 << 16
    ) throws -> ContentDamage? {
        do {
            _ = try content(bytes, compression, piece: piece, room: room)
            return nil
        } catch let damage as ContentDamage {
            return damage
        }
    }
}
