internal import Backups

/// Reads ``RecalledBytes``: chunks that are known are read whole and held against their sums; those that are not pass through, and become known.
final class RecalledReader: ByteReader {
    /// A chunk that came otherwise is read so often.
    private static let attempts = 3

    private let source: any StoredBytes
    private let sums: ChunkSums
    /// Of the next byte that is given.
    private var position: UInt64
    private var reader: (any ByteReader)?
    /// Of the next byte that `reader` gives.
    private var readerPosition: UInt64 = 0
    /// Of the chunk that passes through, from its first byte on; `nil` where the beginning was not seen.
    private var passing: CRC32C?
    /// A chunk that is as it was.
    private var chunk: [UInt8] = []
    private var chunkStart: UInt64?

    init(_ source: any StoredBytes, at offset: UInt64, _ sums: ChunkSums) {
        self.source = source
        self.sums = sums
        position = offset
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !buffer.isEmpty else { return 0 }
        let index = position / ChunkSums.length
        guard let sum = sums.sum(of: index) else { return try pass(into: buffer, index) }
        let start = index * ChunkSums.length
        if chunkStart != start { try recall(index, start, sum) }
        let rest = chunk.dropFirst(Int(position - start)).prefix(buffer.count)
        rest.withUnsafeBytes { buffer.copyMemory(from: $0) }
        position += UInt64(rest.count)
        return rest.count
    }

    /// Gives what comes, to the end of the chunk at most.
    private func pass(into buffer: UnsafeMutableRawBufferPointer, _ index: UInt64) throws -> Int {
        let start = index * ChunkSums.length
        if position == start { passing = CRC32C() }
        let room = Int(min(UInt64(buffer.count), start + ChunkSums.length - position))
        let place = UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])
        let count = try reader(at: position).read(into: place)
        passing?.update(UnsafeRawBufferPointer(rebasing: place[..<count]))
        position += UInt64(count)
        readerPosition = position
        let isWhole = count == 0 ? position > start : position == start + ChunkSums.length
        if isWhole {
            if let passing { sums.note(passing.value, of: index) }
            passing = nil
        }
        return count
    }

    /// Reads a chunk that is known.
    private func recall(_ index: UInt64, _ start: UInt64, _ sum: UInt32) throws {
        for attempt in 1...Self.attempts {
            // One that was damaged on the way may come whole over another connection.
            if attempt > 1 { reader = nil }
            chunkStart = nil
            do {
                try fill(from: start)
            } catch let obstacle as Obstacle where obstacle.reason == .transferDamaged && attempt < Self.attempts {
                // It came to the end of all, and saw it there.
                continue
            }
            var checksum = CRC32C()
            chunk.withUnsafeBytes { checksum.update($0) }
            if checksum.value == sum {
                chunkStart = start
                return
            }
        }
        throw Obstacle(
            .transferDamaged, "\(source.name) comes differently each time that it is read",
            hint: "Something on the way damages it: try another line, or https.")
    }

    private func fill(from start: UInt64) throws {
        let reader = try reader(at: start)
        let length = Int(ChunkSums.length)
        if chunk.count != length { chunk = [UInt8](repeating: 0, count: length) }
        var filled = 0
        while filled < length {
            let count = try chunk.withUnsafeMutableBytes {
                try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
            }
            if count == 0 { break }
            filled += count
            readerPosition += UInt64(count)
        }
        chunk.removeLast(length - filled)
    }

    private func reader(at offset: UInt64) throws -> any ByteReader {
        if let reader, readerPosition == offset { return reader }
        let made = try source.makeReader(at: offset)
        (reader, readerPosition) = (made, offset)
        return made
    }
}
