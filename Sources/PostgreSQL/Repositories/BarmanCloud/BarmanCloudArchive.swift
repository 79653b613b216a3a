import Backups
import Glibc
import Processes

/// The write-ahead log of a server of barman-cloud: `barman-cloud-wal-restore` fetches from it, and what is there is listed in the
/// store itself.
struct BarmanCloudArchive: RepositoryArchive {
    let repository: BarmanCloud
    let segments: LocationArchive

    var source: (any WALArchiveSource)? { segments }

    /// - Returns: `false` when there is none: the program says so, and a listing of now does not have it.
    func fetch(_ name: String, to path: String, for cluster: String, _ cancellation: Cancellation) throws -> Bool {
        let result = try repository.run("wal-restore", [], [name, path], patience: nil, cancellation)
        if result.isSuccess {
            guard access(path, F_OK) == 0 else {
                throw Obstacle(
                    .unexplainedError, "barman-cloud-wal-restore ended without an error, and brought no \(name)")
            }
            return true
        }
        unlink(path)
        let failure = BarmanCloudFailure(result)
        guard failure.mayBeAbsence, try !isListed(name, cancellation) else { throw failure.ofSegment(name) }
        return false
    }

    /// Histories lie beside the directories, segments in them (`hash_dir` of barman/xlog.py).
    private func isListed(_ name: String, _ cancellation: Cancellation) throws -> Bool {
        let place = name.utf8.count == 24 ? "\(name.prefix(16))/\(name)" : name
        var isThere = false
        try segments.ended(by: cancellation).list(beginningWith: place) { entry in
            isThere =
                isThere || entry.path == place || entry.path.hasPrefix("\(place).") && !entry.path.hasSuffix(".backup")
        }
        return isThere
    }
}
