internal import CArchive
internal import Glibc

/// Gives libarchive the bytes of a tar, and counts the zeros that they end with.
final class TarFeed {
    private let source: any ChunkSource
    /// Bytes given so far.
    private(set) var offset: UInt64 = 0
    /// How many of them, counted from the last one, are zero.
    private(set) var trailingZeros: UInt64 = 0
    /// What the source threw; libarchive only hears that something did.
    private(set) var error: (any Error)?
    private var isAtEnd = false

    init(_ source: any ChunkSource) {
        self.source = source
    }

    /// libarchive's read callback: the block stays valid until the next call.
    func next(_ block: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
        do {
            let chunk = try take()
            block?.pointee = chunk.baseAddress
            return chunk.count
        } catch {
            self.error = error
            return Int(ARCHIVE_FATAL)
        }
    }

    /// Reads on to the end of the source.
    func drain() throws {
        while !isAtEnd { _ = try take() }
    }

    private func take() throws -> UnsafeRawBufferPointer {
        if isAtEnd { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let chunk = try source.nextChunk()
        isAtEnd = chunk.isEmpty
        offset += UInt64(chunk.count)
        let zeros = Self.trailingZeros(of: chunk)
        trailingZeros = zeros == chunk.count ? trailingZeros + UInt64(zeros) : UInt64(zeros)
        return chunk
    }

    private static func trailingZeros(of chunk: UnsafeRawBufferPointer) -> Int {
        chunk.lastIndex { $0 != 0 }.map { chunk.count - 1 - $0 } ?? chunk.count
    }
}
