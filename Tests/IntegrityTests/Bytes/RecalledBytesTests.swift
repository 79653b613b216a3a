import Backups
import Synchronization
import Testing

@testable import Integrity

/// Bytes that a line damages: as a list says, one entry for each reader that is made.
private final class FlippedBytes: StoredBytes {
    let name = "flipped"
    private let bytes: [UInt8]
    private let flips: Mutex<[Int?]>
    private let made = Mutex(0)

    /// - Parameter flips: which byte comes altered; all readers after these get what is stored.
    init(_ bytes: [UInt8], flips: [Int?] = []) {
        self.bytes = bytes
        self.flips = Mutex(flips)
    }

    var size: UInt64? { UInt64(bytes.count) }
    var readers: Int { made.withLock { $0 } }

    func makeReader(at offset: UInt64) -> any ByteReader {
        made.withLock { $0 += 1 }
        var bytes = bytes
        if let flip = flips.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { bytes[flip] ^= 1 }
        return MemoryReader(bytes, at: Int(offset), piece: 70_001)
    }
}

@Suite struct RecalledBytesTests {
    private static let chunk = Int(ChunkSums.length)
    private let bytes: [UInt8]

    init() {
        var random = Seeded(47)
        bytes = random.text(Self.chunk * 3 + 1234)
    }

    private func damage(_ body: () throws -> Void) -> Reason? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Obstacle)?.reason
        }
    }

    @Test(arguments: [0, 1, chunk - 1, chunk, chunk + 1, chunk * 3, chunk * 3 + 1234])
    func theyAreTheSameFromAnywhere(offset: Int) throws {
        for length in [bytes.count, Self.chunk * 3, 1, 0] where offset <= length {
            let stored = Array(bytes.prefix(length))
            let recalled = RecalledBytes(FlippedBytes(stored))
            // Before anything is known, too.
            #expect(try recalled.readAll(from: UInt64(offset)) == Array(stored.dropFirst(offset)))
            #expect(try recalled.readAll() == stored)
            #expect(try recalled.readAll(from: UInt64(offset)) == Array(stored.dropFirst(offset)))
        }
    }

    @Test func aPieceThatComesOtherwiseIsReadAgain() throws {
        for place in [0, Self.chunk + 7, Self.chunk * 3 + 1233] {
            let source = FlippedBytes(bytes, flips: [nil, place])
            let recalled = RecalledBytes(source)
            #expect(try recalled.readAll() == bytes)
            #expect(source.readers == 1)
            #expect(try recalled.readAll() == bytes)
            #expect(source.readers == 3)
        }
    }

    @Test func whatStaysOtherwiseIsNotGiven() throws {
        let place = Self.chunk * 2 + 5
        let source = FlippedBytes(bytes, flips: [nil, place, place, place])
        let recalled = RecalledBytes(source)
        #expect(try recalled.readAll() == bytes)
        let reader = try recalled.makeReader(at: UInt64(Self.chunk + 100))
        var buffer = [UInt8](repeating: 0, count: bytes.count)
        var given: [UInt8] = []
        let reason = damage {
            while true {
                let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
                given += buffer[..<count]
            }
        }
        #expect(reason == .transferDamaged)
        #expect(given == Array(bytes[(Self.chunk + 100)..<(Self.chunk * 2)]))
        // It comes whole in the end.
        #expect(try recalled.readAll() == bytes)
    }

    /// Who looks at the beginning only leaves nothing behind that the next reading is held against.
    @Test func whatWasNotReadToItsEndIsNotKnown() throws {
        let recalled = RecalledBytes(FlippedBytes(bytes, flips: [10]))
        let reader = try recalled.makeReader(at: 0)
        var buffer = [UInt8](repeating: 0, count: 5000)
        let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
        #expect(count == 5000 && buffer[10] != bytes[10])
        #expect(try recalled.readAll() == bytes)
    }
}
