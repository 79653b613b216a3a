import Backups
import Glibc

/// Finds the manifest of a backup.
enum ManifestSource {
    /// Clocks of two machines that are kept differ by less.
    private static let clockSkew: Double = 300

    /// The manifest that was asked for, else the one beside the backup; `nil` when there is none.
    /// - Throws: ``Obstacle`` `manifest-unusable` for one that can't be read or believed: never as if there were none.
    static func find(for request: VerificationRequest, cancellation: Cancellation) throws -> Manifest? {
        if let path = request.manifest {
            let remote = try request.locations.remote(path)
            return try believable(remote.map { try read($0, path, cancellation) } ?? ManifestFile.read(path), path)
        }
        guard request.backup != VerificationRequest.standardInput else { return nil }
        let beside = ManifestName.manifest(of: request.backup)
        if let remote = try request.locations.remote(beside) {
            guard try isThere(remote, cancellation) else { return nil }
            return try believable(try read(remote, beside, cancellation), beside)
        }
        guard isThere(beside) else { return nil }
        return try believable(ManifestFile.read(beside), beside)
    }

    /// Also a link that leads nowhere is there: somebody meant a manifest to be.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 || ![ENOENT, ENOTDIR, ENAMETOOLONG].contains(errno)
    }

    private static func isThere(_ object: RemoteObject, _ cancellation: Cancellation) throws -> Bool {
        do {
            return try object.location.find(object.path, cancellation: cancellation) != nil
        } catch let obstacle as Obstacle where obstacle.reason == .permissionDenied {
            // Who may not list a bucket is denied what is not there; it is told where the backup itself can't be read.
            return false
        }
    }

    private static func read(
        _ object: RemoteObject, _ name: String, _ cancellation: Cancellation
    ) throws -> Manifest {
        try ManifestFile.read(name) { try object.location.open(object.path, cancellation: cancellation) }
    }

    private static func believable(_ manifest: Manifest, _ path: String) throws -> Manifest {
        if let time = manifest.snapshotAt, time.seconds(since: .now()) > clockSkew {
            throw Obstacle(
                .manifestUnusable,
                "the manifest \(path) says that its backup shows the data of \(time), which is to come",
                hint: "Look at the clocks of this machine and of the server that was dumped.")
        }
        return manifest
    }
}
