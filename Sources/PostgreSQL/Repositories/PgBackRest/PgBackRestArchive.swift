import Backups
import FoundationEssentials
import Integrity
import Processes

/// The write-ahead log of a stanza: `archive-get` fetches from it, as it does on the bad day, and `repo-ls` lists it.
struct PgBackRestArchive: RepositoryArchive, WALArchiveSource {
    /// One repository's archive of the cluster.
    struct Part: Sendable {
        /// Its number in the configuration.
        let repository: Int
        /// `15-1`.
        let name: String
    }

    private struct Found: Decodable {
        let type: String
        let size: UInt64?
        let time: Int64?
    }

    /// Of a stored segment: the largest has 1 GiB, which is not read whole into memory.
    private static let largest = 256 << 20
    /// Exit status of an `archive-get` that did not find the file (`archive-get` in pgBackRest's command reference).
    private static let absent = 1

    let repository: PgBackRest
    let parts: [Part]
    let cancellation: Cancellation

    var name: String { "\(repository.address)" }
    var source: (any WALArchiveSource)? { self }

    func list(_ visit: (WALArchiveEntry) throws -> Void) throws {
        for part in parts {
            let result = try repository.run(
                [
                    "--repo=\(part.repository)", "--output=json", "--recurse", "repo-ls",
                    "archive/\(repository.address.name)/\(part.name)",
                ], limit: 1 << 30, patience: RepositoryTool.listingPatience, cancellation)
            guard result.isSuccess else { throw PgBackRestFailure(result).obstacle("list the archive of \(name)") }
            guard let found = try? JSONDecoder().decode([String: Found].self, from: Data(result.output)) else {
                throw Obstacle(
                    .toolsTooOld, "pgbackrest repo-ls says nothing that can be understood",
                    hint: "2.32 or newer is needed.")
            }
            for (path, file) in found where file.type == "file" {
                try visit(
                    WALArchiveEntry(
                        path: "\(part.repository)/\(part.name)/\(path)", size: file.size ?? 0,
                        modified: Timestamp(seconds: file.time ?? 0)))
            }
        }
    }

    func open(_ path: String) throws -> any StoredBytes {
        guard let slash = path.firstIndex(of: "/") else {
            throw Obstacle(.internalError, "\(path) was not listed")
        }
        let result = try repository.run(
            [
                "--repo=\(path[..<slash])", "repo-get",
                "archive/\(repository.address.name)/\(path[path.index(after: slash)...])",
            ], limit: Self.largest, patience: nil, cancellation)
        guard result.isSuccess else { throw PgBackRestFailure(result).obstacle("read \(path)") }
        return FetchedBytes(name: path, bytes: result.output)
    }

    func ended(by cancellation: Cancellation) -> PgBackRestArchive {
        PgBackRestArchive(repository: repository, parts: parts, cancellation: cancellation)
    }

    func fetch(_ name: String, to path: String, for cluster: String, _ cancellation: Cancellation) throws -> Bool {
        let result = try repository.run(
            [
                // Its asynchronous way would leave a process behind, and use the queue of the production server.
                "--no-archive-async", "--reset-pg1-host", "--pg1-path=\(cluster)", "--lock-path=\(cluster)",
                "archive-get", name,
                path,
            ], patience: nil, cancellation)
        if result.isSuccess { return true }
        if result.end == .exited(Int32(Self.absent)) { return false }
        throw PgBackRestFailure(result).ofFetch(of: name)
    }
}
