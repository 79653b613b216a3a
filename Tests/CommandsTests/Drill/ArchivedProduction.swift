import Glibc
import TestSupport

/// A production of a test's own: a server that archives, with a small shop, and a base backup of it.
struct ArchivedProduction {
    let server: ArchivingServer
    let shop: TestDatabase
    let directory: TemporaryDirectory
    var base: String { directory.file("base") }
    var scratch: String { directory.file("scratch") }

    /// - Parameters:
    ///   - segment: MiB of one segment of the log.
    ///   - cluster: arguments of `initdb`.
    ///   - backup: arguments of `pg_basebackup`, besides those of every test.
    ///   - prepare: runs in the shop before the base backup is taken.
    init(
        major: Int = 15, layout: ArchivingServer.Layout = .raw, settings: [String: String] = [:],
        segment: Int = 1, cluster: [String] = [], backup: [String] = [], prepare: String = ""
    ) throws {
        server = try ArchivingServer(
            major: major, layout: layout, settings: settings, segment: segment, cluster: cluster)
        directory = try TemporaryDirectory()
        shop = try server.server.createDatabase(named: "shop")
        try shop.run(
            """
            CREATE TABLE orders (id int PRIMARY KEY, what text, placed_at timestamptz DEFAULT clock_timestamp());
            INSERT INTO orders (id, what) VALUES (1, 'a'), (2, 'b'), (3, 'c');
            \(prepare)
            """)
        try server.baseBackup(backup, to: base)
    }

    /// - Parameters:
    ///   - base: another base backup.
    ///   - archive: another archive.
    func drill(
        _ arguments: [String] = [], base: String? = nil, archive: String? = nil, environment: [String: String] = [:]
    ) throws -> ToolResult {
        try Restorable.run(
            [
                "drill", "--base", base ?? self.base, "--wal", archive ?? server.archive, "--scratch-directory",
                scratch,
                "--postgresql-bin", server.server.installation.bin,
            ] + arguments, environment: environment)
    }

    /// Verifies the base backup, or another one, by itself.
    func verify(_ arguments: [String] = [], base: String? = nil) throws -> ToolResult {
        try Restorable.run(
            [
                "verify", "--json", "--scratch-directory", scratch, "--postgresql-bin", server.server.installation.bin,
            ] + arguments + [base ?? self.base])
    }

    /// A copy of the archive to damage.
    func copiedArchive(_ name: String) throws -> String {
        let path = directory.file(name)
        try Tool.run("/bin/cp", ["-a", server.archive, path])
        return path
    }

    /// As if the archive had been written long ago: what is missing then is not on its way any more.
    func age(_ archive: String? = nil) throws {
        try Tool.shell("find \"$1\" -type f -exec touch -d '2 hours ago' {} +", [archive ?? server.archive])
    }

    /// Scratch that was not removed.
    func leftovers() throws -> [String] {
        try TestFile.names(in: scratch).filter { $0.hasPrefix("scratch-") }
    }

    /// The clock of production, to the microsecond.
    func now() throws -> String {
        try shop.query("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    }
}
