import Glibc

/// A private server that archives into a repository of pgBackRest of its own, in a directory: the real program of Debian's package,
/// as the server's user.
package final class PgBackRestServer: RepositoryOnDisk {
    package static let stanza = "main"

    package let format = "pgbackrest"
    /// pgBackRest tries damaged files again after 15 seconds, unless it is told not to.
    package let variables = ["PGBACKREST_JOB_RETRY": "0"]
    package let server: TestServer
    package let repository: String
    /// The file of pgBackRest's configuration.
    package let configuration: String
    private let directory: TemporaryDirectory
    private let user: TestServerUser

    /// - Parameter cluster: arguments of `initdb`.
    package init(cluster: [String] = ["--wal-segsize=1"]) throws {
        directory = try TemporaryDirectory()
        user = try TestServerUser.current()
        repository = directory.file("repository")
        configuration = directory.file("pgbackrest.conf")
        for path in [repository, directory.file("lock")] {
            mkdir(path, 0o755)
            try user.own(path)
        }
        server = try TestServer(
            settings: [
                "archive_mode": "on", "wal_level": "replica",
                "archive_command":
                    "env PGBACKREST_CONFIG=\(configuration) pgbackrest --stanza=\(Self.stanza) archive-push %p",
            ], cluster: cluster)
        let lines = [
            "[global]", "repo1-path=\(repository)", "repo1-retention-full=9", "lock-path=\(directory.file("lock"))",
            "log-level-file=off", "log-level-console=error", "start-fast=y", "[\(Self.stanza)]",
            "pg1-path=\(server.socketDirectory)/data", "pg1-socket-path=\(server.socketDirectory)",
            "pg1-user=\(TestServer.superuser)",
        ]
        _ = try directory.write(
            lines.joined(separator: "\n") + "\n", to: "pgbackrest.conf")
        try run(["stanza-create"])
    }

    /// As restorable is given it.
    package var address: String { "pgbackrest:\(configuration):\(Self.stanza)" }
    /// The directory of its segments.
    package var archive: String { "\(repository)/archive/\(Self.stanza)/\(server.installation.major)-1" }

    /// A command of pgBackRest's, as the server's user.
    @discardableResult
    package func run(_ arguments: [String]) throws -> ToolResult {
        let program = "/usr/bin/pgbackrest"
        return try Tool.run(
            user.program(program),
            user.arguments(program, ["--config=\(configuration)", "--stanza=\(Self.stanza)"] + arguments),
            environment: user.environment)
    }

    /// Takes a full backup.
    @discardableResult
    package func backUp() throws -> String { try backUp("full") }

    /// Takes a backup.
    /// - Parameter type: `full`, `diff` or `incr`.
    /// - Returns: its label.
    @discardableResult
    package func backUp(_ type: String) throws -> String {
        try run(["--type=\(type)", "backup"])
        let names = try TestFile.names(in: "\(repository)/backup/\(Self.stanza)")
        guard let newest = names.filter({ $0.first?.isNumber == true }).max() else {
            throw TestFailure("pgBackRest made no backup")
        }
        return newest
    }

    /// See ``TestServer/archiveAll()``.
    @discardableResult
    package func archiveAll() throws -> String { try server.archiveAll() }

    /// Where a segment lies: pgBackRest puts a digest behind its name.
    package func path(ofSegment name: String) throws -> String {
        let place = "\(archive)/\(name.prefix(16))"
        guard let file = try TestFile.names(in: place).first(where: { $0.hasPrefix(name) && !$0.hasSuffix(".backup") })
        else {
            throw TestFailure("\(name) is not in \(place)")
        }
        return "\(place)/\(file)"
    }

    package func dataFile(of label: String) throws -> String {
        try TestFile.largest(in: "\(repository)/backup/\(Self.stanza)/\(label)", below: "pg_data/base")
    }

    package func remove(_ label: String) throws { try run(["--set=\(label)", "expire"]) }

    package func times(of label: String) throws -> BackupTimes {
        try BackupTimes(
            run(["--output=json", "--set=\(label)", "info"]).outputText, began: /"timestamp":\{"start":(\d+)/,
            completed: /"timestamp":\{"start":\d+,"stop":(\d+)/)
    }

    /// As if all had been archived long ago: what is missing then is not on its way any more.
    package func age() throws {
        try Tool.shell("find \"$1\" -type f -exec touch -d '2 hours ago' {} +", [repository])
    }
}
