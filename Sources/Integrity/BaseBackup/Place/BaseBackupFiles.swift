import Backups

/// The files of a base backup, wherever it lies. Blocking: never call it on the cooperative pool.
protocol BaseBackupFiles: Sendable {
    /// The directory or address, for messages.
    var name: String { get }
    /// As many are read side by side at least: where each waits for answers more than for a processor, that is many.
    var leastThreads: Int { get }

    /// Whether a line lies between, which may damage what comes.
    var isOverLine: Bool { get }

    /// Bytes of each file that lies directly in it, by name, and 0 for each directory.
    func names() throws -> [String: UInt64]
    /// All of it.
    func tree() throws -> BaseBackupTree
    /// One file, from its beginning.
    func read(_ path: DataPath) throws -> any ByteReader
    /// One file that lies directly in it: links are followed.
    func open(_ name: String) throws -> any StoredBytes
    /// One file, to be read once more where it may have been damaged on its way here; `nil` where no line lies between.
    func overLine(_ path: DataPath) throws -> (any StoredBytes)?
}

extension BaseBackupFiles {
    var isOverLine: Bool { false }

    func overLine(_ path: DataPath) throws -> (any StoredBytes)? { nil }

    /// - Parameter first: of the file, as it came.
    /// - Returns: empty where no line lies between.
    func doubted(_ path: DataPath, first: FileChecksum) throws -> [DoubtedBytes] {
        try overLine(path).map { [DoubtedBytes(again: $0, first: first)] } ?? []
    }

    /// - Parameter content: of the file, as it came.
    func doubted(_ path: DataPath, content: [UInt8]) throws -> [DoubtedBytes] {
        var checksumming = try FileChecksumming(.sha256)
        try content.withUnsafeBytes { try checksumming.update($0) }
        return try doubted(path, first: checksumming.finish())
    }

    /// Reads a file that is kept in memory as a whole.
    /// - Throws: ``Obstacle`` when it can't be read, or has more than `most` bytes.
    func content(_ path: DataPath, most: Int) throws -> [UInt8] {
        let reader = try read(path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var bytes: [UInt8] = []
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= most else {
                throw Obstacle(.unreadable, "\(name)/\(path) has more than the \(most) bytes that are read of it")
            }
        }
    }
}
