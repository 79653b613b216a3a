package import Backups
import Glibc
import Integrity

/// Size and SHA-256 of a stored backup, as a manifest fixes them: see ``Manifest/BackupFile``.
package struct BackupDigest: Sendable, Equatable {
    package let size: UInt64
    package let sha256: SHA256Digest

    package init(size: UInt64, sha256: SHA256Digest) {
        self.size = size
        self.sha256 = sha256
    }

    /// Reads the file, or every file of the directory, once.
    /// - Throws: ``Obstacle`` when something can't be read.
    package static func read(_ path: String, cancellation: Cancellation) throws -> BackupDigest {
        guard BackupDirectory.isDirectory(path) else { return try file(path, cancellation) }
        var lines: [(path: String, digest: BackupDigest)] = []
        try collect(path, prefix: "", into: &lines, cancellation)
        lines.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let whole = try SHA256()
        for line in lines {
            var text = "\(line.digest.sha256)  \(line.path)\n"
            try text.withUTF8 { try whole.update(UnsafeRawBufferPointer($0)) }
        }
        return BackupDigest(size: lines.reduce(0) { $0 + $1.digest.size }, sha256: try whole.finish())
    }

    private static func collect(
        _ directory: String, prefix: String, into lines: inout [(path: String, digest: BackupDigest)],
        _ cancellation: Cancellation
    ) throws {
        for name in try BackupDirectory.entries(of: directory) {
            let path = "\(directory)/\(name)"
            if BackupDirectory.isDirectory(path) {
                try collect(path, prefix: "\(prefix)\(name)/", into: &lines, cancellation)
            } else {
                lines.append(("\(prefix)\(name)", try file(path, cancellation)))
            }
        }
    }

    private static func file(_ path: String, _ cancellation: Cancellation) throws -> BackupDigest {
        let reader = try FileBytes(path).makeReader(at: 0)
        let digest = try SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var size: UInt64 = 0
        while true {
            try cancellation.check()
            let count = try reader.read(into: buffer)
            guard count > 0 else { break }
            size += UInt64(count)
            try digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        return BackupDigest(size: size, sha256: try digest.finish())
    }
}
