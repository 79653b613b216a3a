import Backups
import Glibc
import Processes

/// The write-ahead log of a server of Barman: `get-wal` fetches from it, and its directory is listed, as Barman names it.
struct BarmanArchive: RepositoryArchive {
    /// The largest segment.
    private static let largest = 1 << 30

    let repository: Barman
    let directory: WALDirectory

    var source: (any WALArchiveSource)? { directory }

    func fetch(_ name: String, to path: String, for cluster: String, _ cancellation: Cancellation) throws -> Bool {
        // To standard output: a file would be Barman's own user's to write.
        let result = try repository.run(
            ["get-wal", repository.address.name, name], limit: Self.largest, patience: nil, cancellation)
        guard result.isSuccess else {
            let failure = BarmanFailure(result)
            if failure.isAbsence(of: name) { return false }
            throw failure.ofSegment(name)
        }
        let file = try CacheFile(path, owner: nil)
        try result.output.withUnsafeBytes { try file.write($0) }
        file.finish()
        return true
    }
}
