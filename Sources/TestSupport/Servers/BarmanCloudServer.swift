import Glibc

/// A private server that archives with barman-cloud into a bucket of an S3 that checks signatures: the real programs of Debian's
/// package.
package final class BarmanCloudServer: RepositoryServer {
    package static let name = "main"

    package let format = "barman-cloud"
    package let server: TestServer
    package let bucket: S3Bucket
    /// What leads the programs, and restorable, to the bucket.
    package let environment: [String: String]
    private let store: S3Server
    private let directory: TemporaryDirectory

    package init(cluster: [String] = []) throws {
        store = try S3Server.shared()
        bucket = try store.makeBucket()
        directory = try TemporaryDirectory()
        environment = store.environment().merging(["AWS_DEFAULT_REGION": "us-east-1"]) { own, _ in own }
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
        // What was written before the first backup is of no use: each segment costs a start of Python.
        let command =
            "[ ! -e \(directory.file("gate")) ] || env \(variables) barman-cloud-wal-archive --endpoint-url \(store.endpoint) "
            + "\(bucket.address)/prefix \(Self.name) %p"
        server = try TestServer(
            settings: ["archive_mode": "on", "wal_level": "replica", "archive_command": command], cluster: cluster)
    }

    /// As restorable is given it.
    package var address: String { "barman-cloud:\(bucket.address)/prefix/\(Self.name)" }
    package var variables: [String: String] { environment }
    /// Where its objects lie.
    package var place: String { bucket.path("prefix/\(Self.name)") }

    /// From now on its segments go to the bucket.
    package func beginArchiving() throws { _ = try directory.write("", to: "gate") }

    /// Takes a backup.
    /// - Returns: its name.
    @discardableResult
    package func backUp() throws -> String {
        try Tool.run(
            "/usr/bin/barman-cloud-backup",
            [
                "--endpoint-url", store.endpoint, "-h", server.socketDirectory, "-U", TestServer.superuser,
                "--immediate-checkpoint", "\(bucket.address)/prefix", Self.name,
            ],
            environment: environment.merging(["PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C"]) { own, _ in own })
        guard let newest = try TestFile.names(in: "\(place)/base").max() else {
            throw TestFailure("barman-cloud made no backup")
        }
        return newest
    }

    /// See ``TestServer/archiveAll()``.
    @discardableResult
    package func archiveAll() throws -> String { try server.archiveAll() }

    /// Its notes hold the server's own, in which the time of the beginning has a zone; with them a backup is complete.
    package func times(of label: String) throws -> BackupTimes {
        let text = try Tool.shell(
            """
            began=$(grep -o 'START TIME: [-0-9]* [:0-9]* [A-Z]*' "$1" | cut -d' ' -f3-)
            echo "began $(date -d "$began" +%s) completed $(stat -c %Y "$1")"
            """, ["\(place)/base/\(label)/backup.info"]
        ).outputText
        return try BackupTimes(text, began: /began (\d+)/, completed: /completed (\d+)/)
    }

    /// As if all had been archived long ago: what is missing then is not on its way any more.
    package func age() throws {
        try Tool.shell("find \"$1\" -type f -exec touch -d '2 hours ago' {} +", [place])
        usleep(S3Server.memory)
    }
}
