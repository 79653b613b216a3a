package import Backups
import Integrity

/// Where an archive, or base backups, are read from: files with paths below it. The seam to directories and object stores.
package protocol WALArchiveSource: Sendable {
    /// For messages.
    var name: String { get }
    /// Whether ``list(after:_:)`` goes in the order of the paths' bytes, and costs only what comes after the path.
    var resumes: Bool { get }
    /// How many files are best read side by side.
    var readers: Int { get }
    /// Tells every file, in any order. What `visit` throws ends the listing.
    /// - Throws: ``Obstacle`` when not all of it can be listed: a file that is not seen is not a missing one.
    func list(_ visit: (WALArchiveEntry) throws -> Void) throws
    /// The same of files whose paths come after `start`, which need not be there.
    func list(after start: String, _ visit: (WALArchiveEntry) throws -> Void) throws
    /// The bytes of a file, by the path it was listed with.
    /// - Throws: ``Obstacle`` when they can't be had.
    func open(_ path: String) throws -> any StoredBytes
    /// The same place, where `cancellation` ends every wait.
    func ended(by cancellation: Cancellation) -> Self
}

/// One file of an archive.
package struct WALArchiveEntry: Sendable, Equatable {
    /// Below the source; parts are separated by `/`.
    package var path: String
    package var size: UInt64
    package var modified: Timestamp

    package init(path: String, size: UInt64, modified: Timestamp) {
        self.path = path
        self.size = size
        self.modified = modified
    }
}

extension WALArchiveSource {
    package var resumes: Bool { false }
    package var readers: Int { 1 }

    package func list(after start: String, _ visit: (WALArchiveEntry) throws -> Void) throws {
        try list { entry in
            if start.utf8.lexicographicallyPrecedes(entry.path.utf8) { try visit(entry) }
        }
    }

    package func ended(by cancellation: Cancellation) -> Self { self }

    /// Those files whose paths begin so: one page of an object store's listing for a name.
    func list(beginningWith prefix: String, _ visit: (WALArchiveEntry) throws -> Void) throws {
        do {
            // Whatever begins so comes after what is one character shorter.
            try list(after: String(prefix.dropLast())) { entry in
                if entry.path.utf8.starts(with: prefix.utf8) { return try visit(entry) }
                if resumes, prefix.utf8.lexicographicallyPrecedes(entry.path.utf8) { throw PassedPrefix() }
            }
        } catch is PassedPrefix {}
    }

    /// Reads a stored file to its end, where the store's own digest is compared: damage is told of the archive only when
    /// the way from there is not to blame.
    /// - Throws: ``Obstacle`` `transfer-damaged`.
    func confirm(_ path: String, _ cancellation: Cancellation) throws {
        let reader = try open(path).makeReader(at: 0)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        while try reader.read(into: buffer) > 0 { try cancellation.check() }
    }

    /// The first `limit` bytes of a small text file, unpacked.
    func text(_ path: String, _ packing: ArchivedFileName.Packing, limit: Int = 1 << 20) throws -> String {
        guard case .readable(let compression) = packing else {
            throw Obstacle(.unsupportedFormat, "\(path) is packed in a way that is not read here")
        }
        let content = try open(path).content(named: compression)
        return String(decoding: try content.open(at: 0).bytes(limit), as: UTF8.self)
    }
}

/// What follows does not begin so any more.
private struct PassedPrefix: Error {}

extension StoredBytes {
    /// The content of a file whose name says that it is packed so. Barman, for one, gives no ending to what it compresses:
    /// there the first bytes tell.
    func content(named compression: Compression) throws -> CheckpointedContent {
        var compression = compression
        if compression == .none {
            compression = Compression(signature: try makeReader(at: 0).bytes(Compression.signatureLength))
        }
        return CheckpointedContent(source: self, compression: compression)
    }
}

extension ByteReader {
    /// The next bytes, at most `limit`.
    func bytes(_ limit: Int) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        var filled = 0
        while filled < limit {
            let count = try buffer.withUnsafeMutableBytes { bytes in
                try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
            }
            if count == 0 { break }
            filled += count
        }
        return Array(buffer[..<filled])
    }
}
