package import Backups
import Glibc
import Integrity

/// Reads manifests.
package enum ManifestFile {
    private static let sizeLimit = 256 << 20

    /// - Throws: ``Obstacle`` `manifest-unusable`, whatever is wrong with it.
    package static func read(_ path: String) throws -> Manifest {
        try read(path) { try FileBytes(path) }
    }

    /// - Parameter open: opens the manifest called `path`, which need not be a file of this machine.
    /// - Throws: ``Obstacle`` `manifest-unusable`, when it is none, is not there or may not be read; else what stood in the way of
    ///   reading it, which another attempt may get over.
    package static func read(_ path: String, open: () throws -> any StoredBytes) throws -> Manifest {
        let hint =
            access(path, F_OK) == 0 || path.contains("://")
            ? "Name the manifest that was written with this backup, or none."
            : "Write one with restorable manifest write BACKUP, or make backups with restorable dump."
        do {
            let reader = try open().makeReader(at: 0)
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try chunk.withUnsafeMutableBytes { try reader.read(into: $0) }
                if count == 0 { break }
                guard bytes.count + count <= sizeLimit else {
                    throw Obstacle(.manifestUnusable, "\(path) is too large for a manifest", hint: hint)
                }
                bytes.append(contentsOf: chunk[..<count])
            }
            return try Manifest.read(bytes, name: path)
        } catch let obstacle as Obstacle where isTheFiles(obstacle, path) {
            throw Obstacle(
                .manifestUnusable, "the manifest can't be read: \(obstacle.message)", hint: hint)
        }
    }

    /// A store that does not answer, and work that is ended, say nothing of the manifest.
    private static func isTheFiles(_ obstacle: Obstacle, _ path: String) -> Bool {
        obstacle.reason == .unreadable || obstacle.reason == .permissionDenied && !path.contains("://")
    }
}
