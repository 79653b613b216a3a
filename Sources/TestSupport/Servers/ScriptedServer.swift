/// A private server whose backups and log a script of a few lines keeps, for a tool that restorable does not know.
package final class ScriptedServer: RepositoryServer {
    /// `restore NAME DIRECTORY`, `fetch FILE PATH`, `list`, `list-wal`.
    private static let script = """
        case $1 in
        restore) tar -xf "$STORE/$2/base.tar" -C "$3" && cp "$STORE/$2/backup_manifest" "$3" ;;
        fetch) [ -e "$STORE/wal/$2" ] || exit 44; cp "$STORE/wal/$2" "$3" ;;
        list) printf '[%s]\\n' "$(cat "$STORE"/*/entry.json | paste -sd,)" ;;
        list-wal) find "$STORE/wal" -type f -printf '%f %Ts\\n' ;;
        esac
        """

    package let format = "command"
    package let variables: [String: String] = [:]
    private let archiving: ArchivingServer
    private let directory: TemporaryDirectory
    private let store: String

    package init() throws {
        directory = try TemporaryDirectory()
        store = directory.file("store")
        try Tool.run("mkdir", [store])
        archiving = try ArchivingServer(into: "\(store)/wal")
        let tool = "sh \(try directory.write("STORE=\(store)\n\(Self.script)\n", to: "tool.sh"))"
        let lines = [
            "restore: \(tool) restore %b %d", "restore_command: \(tool) fetch %f %p", "absence: [44]",
            "list: \(tool) list", "list_wal: \(tool) list-wal",
        ]
        _ = try directory.write(lines.joined(separator: "\n") + "\n", to: "tool.yml")
    }

    package var server: TestServer { archiving.server }
    package var address: String { "command:\(directory.file("tool.yml"))" }

    @discardableResult
    package func backUp() throws -> String {
        let label = "base-\(try TestFile.names(in: store).count)"
        try Tool.shell(
            """
            base=$1 began=$(date +%s); shift
            "$@" && printf '{"name":"%s","start_time":%s,"finish_time":%s,"size":%s}\\n' "${base##*/}" "$began" "$(date +%s)" \
                "$(stat -c %s "$base/base.tar")" >"$base/entry.json"
            """,
            [
                "\(store)/\(label)", server.installation.tool("pg_basebackup"), "-D", "\(store)/\(label)", "-Ft",
                "-Xnone",
                "--no-sync", "--checkpoint=fast", "-d", server.conninfo(),
            ])
        return label
    }

    @discardableResult
    package func archiveAll() throws -> String { try archiving.archiveAll() }

    package func times(of label: String) throws -> BackupTimes {
        try BackupTimes(
            TestFile.text("\(store)/\(label)/entry.json"), began: /"start_time":(\d+)/, completed: /"finish_time":(\d+)/
        )
    }
}
