import Glibc

/// A private server that archives to a Barman of its own: the real program of Debian's package, as the user of the tests.
package final class BarmanServer: RepositoryOnDisk {
    package static let name = "main"

    package let format = "barman"
    package let variables: [String: String] = [:]
    package let server: TestServer
    /// What Barman keeps.
    package let home: String
    /// The file of Barman's configuration.
    package let configuration: String
    private let directory: TemporaryDirectory

    /// - Parameter cluster: arguments of `initdb`.
    package init(cluster: [String] = ["--wal-segsize=1"]) throws {
        guard let user = getpwuid(geteuid()).map({ String(cString: $0.pointee.pw_name) }) else {
            throw TestFailure("this user has no name, which Barman wants")
        }
        directory = try TemporaryDirectory()
        home = directory.file("home")
        configuration = directory.file("barman.conf")
        // Barman would make it for itself alone; the server's user must write there.
        let incoming = "\(home)/\(Self.name)/incoming"
        try Tool.shell("mkdir -p \"$1\" && chmod 777 \"$1\"", [incoming])
        server = try TestServer(
            settings: [
                "archive_mode": "on", "wal_level": "replica",
                "archive_command": "cp %p \(incoming)/.%f && mv \(incoming)/.%f \(incoming)/%f",
            ], cluster: cluster)
        let conninfo = "host=\(server.socketDirectory) user=\(TestServer.superuser) dbname=postgres"
        let lines = [
            "[barman]", "barman_user = \(user)", "barman_home = \(home)", "barman_lock_directory = \(directory.path)",
            "log_file = \(directory.file("barman.log"))", "[\(Self.name)]", "description = test",
            "conninfo = \(conninfo)",
            "streaming_conninfo = \(conninfo)", "backup_method = postgres", "archiver = on",
            "immediate_checkpoint = true",
            "path_prefix = \(server.installation.bin)",
        ]
        _ = try directory.write(lines.joined(separator: "\n") + "\n", to: "barman.conf")
        try archiveAll()
    }

    /// From now on it takes backups with these lines of its configuration, in place of `backup_method = postgres`.
    package func use(_ lines: [String]) throws {
        let text = try TestFile.text(configuration)
        let kept = text.split(separator: "\n").filter { !$0.hasPrefix("backup_") && !$0.hasPrefix("compression") }
        _ = try directory.write((kept.map(String.init) + lines).joined(separator: "\n") + "\n", to: "barman.conf")
    }

    /// As restorable is given it.
    package var address: String { "barman:\(configuration):\(Self.name)" }
    /// The directory of its segments.
    package var archive: String { "\(home)/\(Self.name)/wals" }

    /// A command of Barman's.
    @discardableResult
    package func run(_ arguments: [String]) throws -> ToolResult {
        try Tool.run(
            "/usr/bin/barman", ["-c", configuration] + arguments,
            environment: ["PATH": "/usr/bin:/bin", "HOME": directory.path, "TZ": "UTC", "LC_ALL": "C"])
    }

    /// Takes a backup.
    /// - Returns: its name.
    @discardableResult
    package func backUp() throws -> String {
        try run(["-q", "backup", "--wait", Self.name])
        guard let newest = try TestFile.names(in: "\(home)/\(Self.name)/base").max() else {
            throw TestFailure("Barman made no backup")
        }
        return newest
    }

    /// Ends the segment that is being written, waits until it is archived, and has Barman put it into its archive.
    /// - Returns: its name.
    @discardableResult
    package func archiveAll() throws -> String {
        let name = try server.maintenance.query(
            "SELECT pg_walfile_name(pg_current_wal_insert_lsn()) FROM (SELECT pg_logical_emit_message(true, 'x', 'x')) x"
        )
        _ = try server.maintenance.query("SELECT pg_switch_wal()")
        for _ in 0..<6000 {
            let last = try server.maintenance.query(
                "SELECT coalesce(max(last_archived_wal), '') >= '\(name)' FROM pg_stat_archiver")
            if last == "t" {
                try run(["-q", "archive-wal", Self.name])
                return name
            }
            usleep(10_000)
        }
        throw TestFailure("\(name) was not archived:\n\(try server.logText())")
    }

    package func path(ofSegment name: String) throws -> String { "\(archive)/\(name.prefix(16))/\(name)" }

    package func dataFile(of label: String) throws -> String {
        try TestFile.largest(in: "\(home)/\(Self.name)/base/\(label)", below: "data/base")
    }

    package func remove(_ label: String) throws { try run(["-q", "delete", Self.name, label]) }

    package func times(of label: String) throws -> BackupTimes {
        try BackupTimes(
            run(["-f", "json", "show-backup", Self.name, label]).outputText, began: /"begin_time_timestamp": "?(\d+)/,
            completed: /"end_time_timestamp": "?(\d+)/)
    }

    /// As if all had been archived long ago: what is missing then is not on its way any more.
    package func age() throws {
        try Tool.shell("find \"$1\" -type f -exec touch -d '2 hours ago' {} +", [archive])
    }
}
