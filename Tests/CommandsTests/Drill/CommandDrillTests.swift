import Glibc
import TestSupport
import Testing

/// Backups of a tool that is not known here, restored by the commands that a file names: here a script around `tar` and `cp`.
@Suite(.serialized) struct CommandDrillTests {
    /// `restore NAME DIRECTORY`, `fetch FILE PATH`, `list`, `list-wal`; with `STORE` in its environment.
    private static let script = """
        case $1 in
        restore) tar -xf "$STORE/$2/base.tar" -C "$3" && { [ ! -e "$STORE/$2/backup_manifest" ] || cp "$STORE/$2/backup_manifest" "$3"; } ;;
        fetch) [ -e "$STORE/wal/$2" ] || exit 44; cp "$STORE/wal/$2" "$3" ;;
        list) cat "$STORE/list.json" ;;
        list-wal) find "$STORE/wal" -type f -printf '%f %Ts\\n' ;;
        esac
        """

    private let directory: TemporaryDirectory
    private let store: String
    private var scratch: String { directory.file("scratch") }

    init() throws {
        directory = try TemporaryDirectory()
        store = directory.file("store")
        try Tool.run("mkdir", ["-p", "\(store)/wal", "\(store)/monday"])
        _ = try directory.write(Self.script, to: "tool.sh")
    }

    private func run(_ arguments: [String]) throws -> ToolResult {
        try Restorable.run(arguments, environment: ["STORE": store])
    }

    /// - Returns: the address of a file with these lines.
    private func file(_ name: String, _ lines: [String]) throws -> String {
        let path = try directory.write(lines.joined(separator: "\n") + "\n", to: name)
        return "command:\(path)"
    }

    private func tool(_ name: String, _ lines: [String]) throws -> String {
        try file(
            name,
            [
                "restore: [/bin/sh, \(directory.file("tool.sh")), restore, '%b', '%d']",
                "restore_command: sh \(directory.file("tool.sh")) fetch %f %p", "environment: [STORE]",
            ] + lines)
    }

    @Test func aRecoveryIsHeldAgainstWhatTheToolLists() throws {
        let production = try ArchivingServer(into: "\(store)/wal")
        let shop = try production.server.createDatabase(named: "shop")
        try shop.run("CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 3000) g")
        try production.baseBackup(["-Ft", "-Xnone"], to: "\(store)/tar")
        try Tool.run("cp", ["\(store)/tar/base.tar", "\(store)/tar/backup_manifest", "\(store)/monday"])
        try TestFile.write(
            Array(
                #"[{"name": "monday", "start_time": "2026-11-20T02:00:00Z", "finish_time": 1795226407, "size": 30000000}]"#
                    .utf8),
            to: "\(store)/list.json")
        let whole = try tool(
            "whole.yml",
            [
                "list: sh \(directory.file("tool.sh")) list", "list_wal: sh \(directory.file("tool.sh")) list-wal",
                "absence: [44]",
            ])
        try shop.run("CREATE TABLE later AS SELECT g AS id FROM generate_series(1, 5000) g")
        let first = try production.archiveAll()
        try shop.run("INSERT INTO later SELECT g FROM generate_series(5001, 9000) g")
        let newest = try production.archiveAll()

        let verified = try run(["verify", "--json", "--scratch-directory", scratch, whole])
        #expect(verified.status == 0, "\(verified.outputText)\(verified.errorText)")
        for member in [
            #""name":"monday","format":"command""#, #""content":"proved""#, #""size_bytes":30000000"#,
            #""name":"shop/public.orders","dump_rows":null,"restored_rows":3000"#,
        ] {
            #expect(verified.outputText.contains(member), "\(member) is not in \(verified.outputText)")
        }
        let drill = ["drill", "--json", "--scratch-directory", scratch, "--base"]
        let latest = try run(drill + [whole, "--wal", whole, "--query", "SELECT count(*) = 9000 FROM later"])
        #expect(latest.status == 0, "\(latest.outputText)\(latest.errorText)")
        #expect(latest.outputText.contains("recovered to the end of the archive"))
        #expect(try run(["wal", whole]).status == 0)

        // Who can't list the archive can't tell its end from a gap.
        let blind = try tool("blind.yml", ["absence: [44]"])
        let unlisted = try run(drill + ["\(blind):monday", "--wal", blind])
        #expect(unlisted.status == 2, "\(unlisted.outputText)\(unlisted.errorText)")
        #expect(unlisted.outputText.contains("for it can't be listed"))
        let unseen = try run(["wal", blind])
        #expect(unseen.status == 2, "\(unseen.outputText)\(unseen.errorText)")

        try unfinished(newest, whole, blind)
        try links()
        try gapsAndStrangers(whole, first)
        try files(whole)
    }

    /// A segment that `cp` is just bringing is half of one: that is damage only when it stays so.
    private func unfinished(_ segment: String, _ address: String, _ blind: String) throws {
        let path = "\(store)/wal/\(segment)"
        try Tool.run("mv", [path, directory.file("kept")])
        try Tool.shell("head -c 500000 \"$1\" >\"$2\"", [directory.file("kept"), path])
        let drill = ["drill", "--json", "--scratch-directory", scratch, "--base"]
        for (base, archive) in [(address, address), ("\(blind):monday", blind)] {
            let growing = try run(drill + [base, "--wal", archive])
            #expect(growing.status == 2, "\(growing.outputText)\(growing.errorText)")
            #expect(growing.outputText.contains(#""reason":"changed-while-reading""#), "\(growing.outputText)")
        }
        try Tool.shell("touch -d '2 hours ago' \"$1\"", [path])
        let cut = try run(drill + [address, "--wal", address])
        #expect(cut.status == 1, "\(cut.outputText)\(cut.errorText)")
        #expect(cut.outputText.contains(#""reason":"truncated""#), "\(cut.outputText)")
        try Tool.run("mv", [directory.file("kept"), path])
    }

    /// What a copy of files takes along leads to where production has it.
    private func links() throws {
        let outside = directory.file("outside")
        try Tool.run("mkdir", [outside])
        func verify(_ command: String) throws -> ToolResult {
            let address = try file(
                "links.yml",
                [
                    "restore: 'sh \(directory.file("tool.sh")) restore %b %d && \(command)'", "absence: [44]",
                    "restore_command: sh \(directory.file("tool.sh")) fetch %f %p", "environment: [STORE]",
                ])
            return try run(
                ["verify", "--json", "--until", "restore", "--scratch-directory", scratch, "\(address):monday"])
        }
        // No server in scratch looks at these.
        let logs = try verify("rm -rf %d/pg_stat_tmp && ln -s \(outside) %d/log && ln -s \(outside) %d/pg_stat_tmp")
        #expect(logs.status == 0, "\(logs.outputText)\(logs.errorText)")
        #expect(try TestFile.names(in: outside) == [])
        for (command, message) in [
            ("rm -rf %d/pg_wal && ln -s \(outside) %d/pg_wal", "pg_wal was restored as a link"),
            ("rm -rf %d/pg_logical && ln -s \(outside) %d/pg_logical", "pg_logical was restored as a link"),
            ("mv %d/PG_VERSION %d/v && ln -s v %d/PG_VERSION", "PG_VERSION was restored as a link"),
            ("ln -s \(outside) %d/base/1/gone", "base/1/gone was restored as a link"),
            ("ln %d/PG_VERSION \(outside)/kept", "PG_VERSION has another name elsewhere"),
        ] {
            let led = try verify(command)
            #expect(led.status == 2, "\(led.outputText)\(led.errorText)")
            #expect(led.outputText.contains(#""reason":"unsupported-format""#), "\(led.outputText)")
            #expect(led.outputText.contains(message), "\(led.outputText)")
            unlink("\(outside)/kept")
            #expect(try TestFile.names(in: outside) == [])
        }
    }

    private func gapsAndStrangers(_ address: String, _ first: String) throws {
        let drill = ["drill", "--json", "--scratch-directory", scratch, "--base", address, "--wal", address]
        try Tool.run("mv", ["\(store)/wal/\(first)", directory.file("kept")])
        try Tool.shell("touch -d '2 hours ago' \"$1\"/*", ["\(store)/wal"])
        let gap = try run(drill)
        #expect(gap.status == 1, "\(gap.outputText)\(gap.errorText)")
        #expect(gap.outputText.contains(#""reason":"wal-gap""#) && gap.outputText.contains(first))
        #expect(try run(["wal", address]).status == 1)
        try Tool.run("mv", [directory.file("kept"), "\(store)/wal/\(first)"])
        // Another cluster's: its identifier stands in the first page, at byte 24 (`XLogLongPageHeaderData`).
        try Tool.shell(
            "for f in \"$1\"/????????????????????????; do printf x | dd of=\"$f\" bs=1 seek=25 conv=notrunc status=none; done",
            ["\(store)/wal"])
        let foreign = try run(drill)
        #expect(foreign.status == 1, "\(foreign.outputText)\(foreign.errorText)")
        #expect(foreign.outputText.contains(#""reason":"wal-foreign""#))
    }

    private func files(_ address: String) throws {
        let integrity = ["verify", "--json", "--until", "integrity", "--scratch-directory", scratch, address]
        let manifest = try TestFile.text("\(store)/monday/backup_manifest")
        // The manifest of another backup, from which the cluster was restored once, came along.
        let stale = manifest.replacing(/"Start-LSN": "[^"]*"/, with: #""Start-LSN": "0/100028""#)
        let body = stale[..<(stale.firstMatch(of: /"Manifest-Checksum"/)?.range.lowerBound ?? stale.endIndex)]
        try TestFile.write(Array(body.utf8), to: "\(store)/body")
        let digest = try Tool.run("sha256sum", ["\(store)/body"]).outputText.prefix(64)
        try TestFile.write(
            Array("\(body)\"Manifest-Checksum\": \"\(digest)\"}\n".utf8), to: "\(store)/monday/backup_manifest")
        let carried = try run(integrity)
        #expect(carried.status == 0, "\(carried.outputText)\(carried.errorText)")
        #expect(carried.outputText.contains(#""content":"unproved""#))
        try unlabelled()
        try TestFile.write(Array(manifest.utf8), to: "\(store)/monday/backup_manifest")
        let tar = "\(store)/monday/base.tar"
        let offset = try Tool.shell("grep -abo 'max_connections' \"$1\" | head -1 | cut -d: -f1", [tar]).outputText
        let position = try #require(UInt64(offset.filter(\.isNumber)))
        try Damage.flipBit(position * 8).copy(tar, to: tar)
        let damaged = try run(integrity)
        #expect(damaged.status == 1, "\(damaged.outputText)\(damaged.errorText)")
        #expect(damaged.outputText.contains(#""reason":"checksum-mismatch""#))
        truncate(tar, 4_000_000)
        let cut = try run(integrity)
        #expect(cut.status == 2, "\(cut.outputText)\(cut.errorText)")
        #expect(cut.outputText.contains("Unexpected EOF in archive"))
    }

    /// A copy of a running server without its label is of many moments, which nothing would show. The manifest that lies there is the
    /// one of the backup that the cluster was restored from once.
    private func unlabelled() throws {
        let (tar, kept) = ("\(store)/monday/base.tar", directory.file("kept.tar"))
        try Tool.run("cp", [tar, kept])
        try Tool.run("tar", ["--delete", "-f", tar, "backup_label"])
        // Only where a server put the label aside is the manifest an old one.
        let states =
            [([], false, 2), (["atomic: true"], false, 2), (["atomic: true"], true, 0)] as [([String], Bool, Int32)]
        for (lines, isAside, status) in states {
            if isAside {
                try TestFile.write(Array("START WAL LOCATION".utf8), to: directory.file("backup_label.old"))
                try Tool.run("tar", ["-rf", tar, "-C", directory.path, "backup_label.old"])
            }
            let address = try tool("unlabelled.yml", ["absence: [44]"] + lines)
            let verified = try run(
                ["verify", "--json", "--until", "integrity", "--scratch-directory", scratch, "\(address):monday"])
            #expect(verified.status == status, "\(verified.outputText)\(verified.errorText)")
            #expect(verified.outputText.contains(#""reason":"no-label""#) == (status == 2))
        }
        try Tool.run("mv", [kept, tar])
    }

    /// What stands in the way of a command is no fault of the backup, unless the file says so.
    @Test(arguments: [
        ("exit 3", "[]", 2, "unexplained-error"), ("exit 3", "[3]", 1, "corrupt"),
        ("true", "[]", 2, "unexplained-error"),
        ("echo x >&2; kill -9 $$", "[]", 2, "ended by signal 9"), ("nonexistent", "[]", 2, "no such program"),
        ("ln -s /etc/passwd %d/PG_VERSION; sleep 600", "[]", 2, "deadline-exceeded"),
    ])
    func commandsThatDoNotRestore(restore: String, damage: String, status: Int32, word: String) throws {
        let address = try file("tool.yml", ["restore: 'cd %d && \(restore)'", "damage: \(damage)"])
        let deadline = restore.contains("sleep") ? ["--deadline", "2s"] : []
        let result = try run(["verify", "--json", "--scratch-directory", scratch, address] + deadline)
        #expect(result.status == status, "\(result.outputText)\(result.errorText)")
        #expect(result.outputText.contains(word), "\(result.outputText)")
        #expect(try TestFile.names(in: scratch).filter { $0.hasPrefix("scratch-") } == [])
    }

    @Test func flawedFilesAreTold() throws {
        let flawed = try file("flawed.yml", ["restore: [cp, '%x']"])
        let told = try run(["verify", "--json", flawed])
        #expect(told.status == 2, "\(told.outputText)")
        #expect(told.outputText.contains("flawed.yml:1:10: restore must have %d in it"), "\(told.outputText)")
        let gone = try run(["verify", "--json", "command:/nonexistent/tool.yml"])
        #expect(gone.status == 2 && gone.outputText.contains("can't be read"), "\(gone.outputText)")
    }

    /// `kill -9` of the program ends what its commands started, too.
    @Test func nothingThatACommandStartedOutlivesTheProgram() throws {
        let address = try file(
            "tool.yml", ["restore: 'cd %d && sleep 600 & echo $! $$ >\(directory.file("pids")); wait'"])
        try Tool.shell(
            """
            "$@" >/dev/null 2>&1 & program=$!
            until [ -s "$PIDS" ]; do sleep 0.02; done
            kill -9 $program
            for pid in $(cat "$PIDS"); do
                while [ -e /proc/$pid ] && ! grep -q '^State:.*Z' /proc/$pid/status; do sleep 0.02; done
            done
            """.replacing("$PIDS", with: directory.file("pids")),
            [Restorable.path, "verify", "--scratch-directory", scratch, address])
    }
}
