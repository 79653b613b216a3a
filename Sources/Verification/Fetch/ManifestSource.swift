import Backups
import Glibc
import Integrity

/// Finds the manifest of a backup.
enum ManifestSource {
    private static let sizeLimit = 256 << 20

    /// The manifest that was asked for, else the one beside the backup; `nil` when there is none.
    /// - Throws: ``Obstacle`` `manifest-unusable` for one that can't be read: never as if there were none.
    static func find(for request: VerificationRequest) throws -> Manifest? {
        if let path = request.manifest { return try read(path) }
        guard request.backup != VerificationRequest.standardInput else { return nil }
        let beside = ManifestName.manifest(of: request.backup)
        guard access(beside, F_OK) == 0 else { return nil }
        return try read(beside)
    }

    private static func read(_ path: String) throws -> Manifest {
        let hint = "Name the manifest that was written with this backup, or none."
        do {
            let reader = try FileBytes(path).makeReader(at: 0)
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
        } catch let obstacle as Obstacle where obstacle.reason != .manifestUnusable {
            throw Obstacle(
                .manifestUnusable, "the manifest can't be read: \(obstacle.message)", hint: hint, cause: obstacle)
        }
    }
}
