import Backups
import Testing

@testable import Integrity

/// One zlib stream at a time, whatever the pieces it comes in; zlib made them.
@Suite struct ZlibReaderTests {
    private static let contents: [[UInt8]] = [
        [], [7], Array("hello, hello, hello".utf8), (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) },
        [UInt8](repeating: 0, count: 1_000_000),
    ]

    private func inflate(_ stored: [UInt8], pieces: Int, room: Int) throws -> [UInt8] {
        let reader = ZlibReader()
        var content: [UInt8] = []
        // Twice, as one reader serves all blocks of an archive.
        for _ in 0..<2 {
            content = []
            try reader.start(try BytesInMemory(stored, inPiecesOf: pieces).makeReader(at: 0), of: "t")
            var buffer = [UInt8](repeating: 0, count: room)
            while true {
                let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
                guard count > 0 else { break }
                content += buffer[..<count]
            }
        }
        return content
    }

    @Test(arguments: contents, [1, 3, 4096, Int.max])
    func inflates(content: [UInt8], pieces: Int) throws {
        let stored = try TestCompression.compress(content, .gzip, asZlib: true)
        #expect(try inflate(stored, pieces: pieces, room: 1 << 18) == content)
        #expect(try inflate(stored, pieces: pieces, room: 1000) == content)
    }

    @Test(arguments: contents)
    func wantsNothingAfterTheStream(content: [UInt8]) throws {
        let stored = try TestCompression.compress(content, .gzip, asZlib: true)
        for junk in [[0], [0x78, 0x9C], Array("a long piece of junk".utf8), stored] {
            for pieces in [1, Int.max] {
                let damage = #expect(throws: ContentDamage.self) {
                    try inflate(stored + junk, pieces: pieces, room: 4096)
                }
                #expect(damage?.reason == .trailingBytes)
            }
        }
    }

    @Test func wantsTheWholeStream() throws {
        let stored = try TestCompression.compress(Self.contents[3], .gzip, asZlib: true)
        for length in stride(from: 0, to: stored.count, by: 997) {
            let damage = #expect(throws: ContentDamage.self) {
                try inflate(Array(stored[..<length]), pieces: 4096, room: 4096)
            }
            #expect(damage?.reason == .truncated)
        }
        for length in (stored.count - 8)..<stored.count {
            let damage = #expect(throws: ContentDamage.self) {
                try inflate(Array(stored[..<length]), pieces: 1, room: 4096)
            }
            #expect(damage?.reason == .truncated)
        }
    }

    @Test func comparesTheChecksum() throws {
        var stored = try TestCompression.compress(Self.contents[2], .gzip, asZlib: true)
        stored[stored.count - 1] ^= 1
        let damage = #expect(throws: ContentDamage.self) { try inflate(stored, pieces: .max, room: 4096) }
        #expect(damage?.reason == .checksumMismatch)
    }
}
