import Glibc

/// A private server, with segments of 1 MiB where nothing else is said, that archives its write-ahead log into a directory.
package final class ArchivingServer: Sendable {
    /// How it lays out its archive.
    package enum Layout: Sendable {
        /// `archive_command = 'cp %p …/%f'`.
        case raw
        /// `gzip`, `zstd` or `lz4`, with the usual ending.
        case compressed(Compressor)
        /// Barman's and WAL-G's: a directory for every 4096 segments, here compressed.
        case prefixed
        /// Each file is put into a bucket, below the place of its directory: `curl --upload-file`, signed.
        case put(S3Server, S3Bucket)

        func command(to archive: String) -> String {
            switch self {
            case .raw: "cp %p \(archive)/%f"
            case .compressed(let tool): "\(tool.rawValue) -q -c <%p >\(archive)/%f.\(tool.suffix)"
            case .prefixed:
                "d=\(archive)/wals/$(echo %f | cut -c1-16) && mkdir -p $d && gzip -c <%p >$d/%f.gz"
            case .put(let store, let bucket):
                "curl --silent --fail --upload-file %p --user \(S3Server.accessKey):\(S3Server.secretKey) "
                    + "--aws-sigv4 aws:amz:us-east-1:s3 -H \"x-amz-content-sha256: UNSIGNED-PAYLOAD\" "
                    + "\(store.endpoint)/\(bucket.name)\(archive.trimmingPrefix(bucket.directory))/%f"
            }
        }
    }

    package let server: TestServer
    /// The directory that it archives into.
    package let archive: String
    private let directory: TemporaryDirectory

    /// - Parameters:
    ///   - place: the directory that it archives into, a new one; `nil` for one of its own.
    ///   - segment: MiB of one segment.
    ///   - cluster: arguments of `initdb`.
    package init(
        major: Int = 15, layout: Layout = .raw, into place: String? = nil, settings: [String: String] = [:],
        segment: Int = 1, cluster: [String] = []
    ) throws {
        directory = try TemporaryDirectory()
        archive = place ?? directory.file("wal")
        // The server's user must write there.
        mkdir(archive, 0o777)
        chmod(archive, 0o777)
        server = try TestServer(
            major: major,
            settings: [
                "archive_mode": "on", "archive_command": layout.command(to: archive), "wal_level": "replica",
                "max_wal_size": "\(max(64, 4 * segment))MB", "min_wal_size": "\(2 * segment)MB",
            ].merging(settings) { $1 }, cluster: ["--wal-segsize=\(segment)"] + cluster)
    }

    /// A standby of `primary` that archives into the same directory once it is promoted.
    package init(standbyOf primary: ArchivingServer) throws {
        directory = primary.directory
        archive = primary.archive
        server = try TestServer(
            standbyOf: primary.server,
            settings: [
                "archive_mode": "on", "archive_command": Layout.raw.command(to: archive), "wal_level": "replica",
                "max_wal_size": "64MB", "min_wal_size": "2MB",
            ])
    }

    /// Has pgbench fill its tables and write, into at least four segments; they are archived when this returns.
    package func write(transactions: Int = 400) throws {
        let pgbench = server.installation.tool("pgbench")
        let connection = ["-h", server.socketDirectory, "-U", TestServer.superuser]
        if try server.maintenance.query("SELECT to_regclass('pgbench_accounts') IS NULL") == "t" {
            try Tool.run(pgbench, connection + ["-q", "-i", "-s", "1", "postgres"])
        }
        for _ in 0..<4 {
            try Tool.run(pgbench, connection + ["-n", "-c", "2", "-t", "\(max(1, transactions / 8))", "postgres"])
            try archiveAll()
        }
    }

    /// See ``TestServer/archiveAll()``.
    @discardableResult
    package func archiveAll() throws -> String { try server.archiveAll() }

    /// `pg_basebackup` to `path`.
    package func baseBackup(_ arguments: [String], to path: String) throws {
        try Tool.run(
            server.installation.tool("pg_basebackup"),
            ["-D", path, "--no-sync", "--checkpoint=fast", "-d", server.conninfo()] + arguments)
    }

    package func promote() throws {
        _ = try server.maintenance.query("SELECT pg_promote(wait => true)")
    }

    package var systemIdentifier: String {
        get throws { try server.maintenance.query("SELECT system_identifier FROM pg_control_system()") }
    }
}
