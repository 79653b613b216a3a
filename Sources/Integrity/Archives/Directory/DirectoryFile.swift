import Backups

/// One file of a directory archive while it is read: its content, and the digest of its stored bytes.
final class DirectoryFile {
    let content: any ByteReader
    private let digesting: DigestingReader
    private let decoded: DecodedReader?

    /// - Parameter path: of the file.
    /// - Throws: ``Obstacle`` when it can't be opened.
    init(
        _ path: String, _ compression: Compression, _ progress: ByteProgress, _ cancellation: Cancellation
    ) throws {
        digesting = try DigestingReader(try FileBytes(path).makeReader(at: 0), progress, cancellation)
        guard compression != .none else {
            decoded = nil
            content = digesting
            return
        }
        let decoded = DecodedReader(try compression.makeDecoder(ReaderSource(digesting)))
        self.decoded = decoded
        content = decoded
    }

    /// Whether the content carries a checksum; known when it was read to its end.
    var hasChecksum: Bool { decoded?.hasChecksum ?? false }

    /// Digest and size of the stored bytes, once the content was read to its end.
    func finish() throws -> StoredFacts {
        try digesting.finish()
    }
}
