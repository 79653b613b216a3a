import Backups
import Glibc
import Synchronization
import TestSupport

/// Base backups that PostgreSQL's own pg_basebackup made, of a server with a tablespace, of both major versions.
enum BaseBackupCorpus {
    enum Layout: String, CaseIterable, Sendable {
        case plain
        case tar = "tar"
        case tarOfGzip = "tar.gz"
        case tarOfZstd = "tar.zst"
        case tarOfLZ4 = "tar.lz4"

        var compression: Compression? {
            switch self {
            case .plain: nil
            case .tar: Compression.none
            case .tarOfGzip: .gzip
            case .tarOfZstd: .zstd
            case .tarOfLZ4: .lz4
            }
        }

        /// What packs a tar of pg_basebackup afterwards: not every build of it knows every compression.
        var compressor: [String]? {
            switch self {
            case .plain, .tar: nil
            case .tarOfGzip: ["gzip", "-1"]
            case .tarOfZstd: ["zstd", "-q", "-1", "--rm"]
            case .tarOfLZ4: ["lz4", "-q", "-1", "--rm", "-m"]
            }
        }
    }

    /// A server, and a backup of it in each layout, of which tests get copies.
    private final class Server: Sendable {
        let server: TestServer
        let tablespace: TemporaryDirectory
        private let originals = Mutex<[Layout: TemporaryDirectory]>([:])

        init(_ major: Int) throws {
            // Incremental backups want summaries of the log; a log that is fetched must not be recycled by another backup's
            // checkpoint meanwhile.
            server = try TestServer(
                major: major,
                settings: ["wal_keep_size": "256MB"].merging(major >= 17 ? ["summarize_wal": "on"] : [:]) { $1 },
                cluster: ["--wal-segsize=1"])
            tablespace = try TemporaryDirectory()
            // Its directory must belong to the server's user, who makes it.
            chmod(tablespace.path, 0o777)
            try server.maintenance.run("COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; mkdir \(tablespace.file("side"))'")
            try server.maintenance.run("CREATE TABLESPACE side LOCATION '\(tablespace.file("side"))'")
            try server.maintenance.run(
                """
                CREATE TABLE kept AS SELECT i AS id, repeat('row ' || i, 20) AS text FROM generate_series(1, 20000) i;
                CREATE TABLE aside TABLESPACE side AS SELECT i AS id FROM generate_series(1, 5000) i;
                """)
        }

        func original(_ layout: Layout) throws -> TemporaryDirectory {
            try originals.withLock { originals in
                if let known = originals[layout] { return known }
                let directory = try TemporaryDirectory()
                try make(layout, [], in: directory)
                originals[layout] = directory
                return directory
            }
        }

        func make(_ layout: Layout, _ arguments: [String], in directory: TemporaryDirectory) throws {
            let path = directory.file("backup")
            var all = ["-D", path, "-d", server.conninfo(), "--no-sync", "--checkpoint=fast"] + arguments
            if layout == .plain {
                all.append("--tablespace-mapping=\(tablespace.file("side"))=\(directory.file("side"))")
            } else if !arguments.contains("-Ft") {
                all.append("-Ft")
            }
            try Tool.run(server.installation.tool("pg_basebackup"), all)
            if let compressor = layout.compressor {
                let tars = try TestFile.names(in: path).filter { $0.hasSuffix(".tar") }.map { "\(path)/\($0)" }
                try Tool.run(compressor[0], Array(compressor.dropFirst()) + tars)
            }
        }
    }

    private static let fifteen = Result { try Server(15) }
    private static let eighteen = Result { try Server(18) }

    private static func server(_ major: Int) throws -> Server { try (major == 15 ? fifteen : eighteen).get() }

    static func installation(_ major: Int) throws -> TestInstallation { try TestInstallation.major(major) }

    /// Makes one in `directory`, which must be empty; of one without further arguments it is a copy.
    /// - Returns: the directory of the backup.
    @discardableResult
    static func make(
        _ layout: Layout, major: Int = 15, _ arguments: [String] = [], in directory: TemporaryDirectory
    ) throws -> String {
        let server = try server(major)
        let path = directory.file("backup")
        guard arguments.isEmpty else {
            try server.make(layout, arguments, in: directory)
            return path
        }
        let original = try server.original(layout)
        try Tool.run("cp", ["-a", "\(original.path)/.", directory.path])
        if layout == .plain {
            try Tool.shell(
                "for link in \"$1\"/pg_tblspc/*; do ln -sfn \"$2\" \"$link\"; done", [path, directory.file("side")])
        }
        return path
    }

    /// One as `pg_basebackup -Ft -D -` writes it to its output, of a server without tablespaces of its own: that way has no
    /// place for them.
    static func stream(major: Int, _ arguments: [String], in directory: TemporaryDirectory) throws -> String {
        let server = try TestServer(major: major, cluster: ["--wal-segsize=1"])
        let path = directory.file("backup")
        mkdir(path, 0o700)
        try Tool.run(
            server.installation.tool("pg_basebackup"),
            ["-Ft", "-D", "-", "-d", server.conninfo(), "--no-sync", "--checkpoint=fast"] + arguments,
            output: "\(path)/base.tar")
        return path
    }

    /// Whether PostgreSQL's own tool finds nothing wrong with it; tars are read by that of 18 alone, but for their log.
    static func isFineForPostgreSQL(_ path: String, major: Int, isTar: Bool = false) throws -> Bool {
        let tool = try installation(major).tool("pg_verifybackup")
        return try Tool.attempt(tool, (isTar ? ["--no-parse-wal"] : []) + [path]).status == 0
    }

    /// Writes to the server, so that incremental backups have something to hold.
    static func change(major: Int) throws {
        try server(major).server.maintenance.run("UPDATE kept SET text = text || '!' WHERE id % 100 = 0")
    }
}
