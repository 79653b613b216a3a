import Backups

/// Reads the bytes, numbers and strings that pg_dump writes into an archive, and knows where it is.
///
/// Integers are a sign byte (0 or 1) and `intSize` bytes, lowest first; strings an integer length (negative: no string)
/// and their bytes. Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_archiver.c, ReadInt and ReadStr.
final class ArchiveInput: ByteReader {
    /// For messages: the file of the archive that is read.
    let name: String
    /// Bytes in all, where that is known.
    let size: UInt64?
    /// Bytes of an integer, from the archive's header.
    var integerSize = 4
    private let source: any ByteReader
    private let cancellation: Cancellation
    private let buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var sourceEnded = false
    /// Offset of `buffer[end]`.
    private var bufferedTo: UInt64 = 0
    /// What is digested, from `digestedTo` in the buffer on; `nil` while nothing is.
    private var digest: SHA256?
    private var digestedTo = 0

    init(_ source: any ByteReader, name: String, size: UInt64?, cancellation: Cancellation) {
        self.source = source
        self.name = name
        self.size = size
        self.cancellation = cancellation
        buffer = .allocate(byteCount: 256 << 10, alignment: 64)
    }

    deinit {
        buffer.deallocate()
    }

    /// Offset of the next byte.
    var position: UInt64 { bufferedTo - UInt64(end - start) }

    /// Whether no byte follows.
    func isAtEnd() throws -> Bool {
        try start == end && !fill()
    }

    /// The bytes that can be had without copying; empty only at the end. Valid until the next call.
    func peek() throws -> UnsafeRawBufferPointer {
        if start == end { _ = try fill() }
        return UnsafeRawBufferPointer(rebasing: buffer[start..<end])
    }

    /// Goes past the first `count` bytes of what ``peek()`` returned.
    func advance(_ count: Int) {
        precondition(count <= end - start, "advanced past what was peeked")
        start += count
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        let bytes = try peek()
        let count = min(bytes.count, target.count)
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        advance(count)
        return count
    }

    func byte() throws -> UInt8 {
        if start == end, try !fill() { throw cut() }
        defer { start += 1 }
        return buffer[start]
    }

    /// Adds all that is read from here on to `digest`, until ``endDigest()``.
    func digest(into digest: SHA256) {
        self.digest = digest
        digestedTo = start
    }

    func endDigest() throws {
        try digestBuffered(to: start)
        digest = nil
    }

    private func digestBuffered(to end: Int) throws {
        try digest?.update(UnsafeRawBufferPointer(rebasing: buffer[digestedTo..<end]))
        digestedTo = 0
    }

    /// Damage at the current position.
    func damage(_ check: String, _ reason: Reason, _ message: String) -> ContentDamage {
        ContentDamage(check, reason, "\(message) (\(name))", at: SourceLocation(offset: position))
    }

    /// The end came where more bytes had to follow.
    func cut(_ what: String = "") -> ContentDamage {
        let inside = what.isEmpty ? "" : ", inside \(what)"
        return damage("structure", .truncated, "the archive is cut off after \(position) bytes\(inside)")
    }

    private func fill() throws -> Bool {
        guard !sourceEnded else { return false }
        try cancellation.check()
        if digest != nil { try digestBuffered(to: end) }
        let count = try source.read(into: buffer)
        start = 0
        end = count
        bufferedTo += UInt64(count)
        sourceEnded = count == 0
        return count > 0
    }
}
