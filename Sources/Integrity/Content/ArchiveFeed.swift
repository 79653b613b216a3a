internal import Backups
internal import CArchive

/// Gives libarchive its bytes, in the buffers they come in, and shows them to a ``MemberScanner`` on the way.
final class ArchiveFeed {
    private let source: any ChunkSource
    private(set) var scanner: any MemberScanner
    /// Bytes given so far.
    private(set) var offset: UInt64 = 0
    private(set) var isAtEnd = false
    /// What the source threw; libarchive only hears that something did.
    private(set) var error: (any Error)?

    init(_ source: any ChunkSource, _ scanner: any MemberScanner) {
        self.source = source
        self.scanner = scanner
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
        scanner.scan(chunk)
        return chunk
    }
}
