import Backups

/// Digests and counts what is read through it.
final class DigestingReader: ByteReader {
    private let source: any ByteReader
    private let digest: SHA256
    private let progress: ByteProgress
    private let cancellation: Cancellation
    private var size: UInt64 = 0

    init(_ source: any ByteReader, _ progress: ByteProgress, _ cancellation: Cancellation) throws {
        self.source = source
        self.cancellation = cancellation
        self.progress = progress
        digest = try SHA256()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try cancellation.check()
        let count = try source.read(into: buffer)
        try digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        size += UInt64(count)
        progress.advance(by: UInt64(count))
        return count
    }

    /// Size and digest of what was read. Call it once, at the end.
    func finish() throws -> StoredFacts {
        StoredFacts(size: size, sha256: try digest.finish())
    }
}
