import Backups
import Glibc

/// Finds the manifest of a backup.
enum ManifestSource {
    /// Clocks of two machines that are kept differ by less.
    private static let clockSkew: Double = 300

    /// The manifest that was asked for, else the one beside the backup; `nil` when there is none.
    /// - Throws: ``Obstacle`` `manifest-unusable` for one that can't be read or believed: never as if there were none.
    static func find(for request: VerificationRequest) throws -> Manifest? {
        if let path = request.manifest { return try read(path) }
        guard request.backup != VerificationRequest.standardInput else { return nil }
        let beside = ManifestName.manifest(of: request.backup)
        guard isThere(beside) else { return nil }
        return try read(beside)
    }

    /// Also a link that leads nowhere is there: somebody meant a manifest to be.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 || ![ENOENT, ENOTDIR, ENAMETOOLONG].contains(errno)
    }

    private static func read(_ path: String) throws -> Manifest {
        let manifest = try ManifestFile.read(path)
        if let time = manifest.snapshotAt, time.seconds(since: .now()) > clockSkew {
            throw Obstacle(
                .manifestUnusable,
                "the manifest \(path) says that its backup shows the data of \(time), which is to come",
                hint: "Look at the clocks of this machine and of the server that was dumped.")
        }
        return manifest
    }
}
