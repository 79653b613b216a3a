import Glibc
import TestSupport
import Testing

/// Backups in a repository of pgBackRest, restored by pgBackRest itself: the real program, over a real server's archive.
@Suite(.serialized) struct PgBackRestDrillTests {
    private let production: PgBackRestServer
    private let directory: TemporaryDirectory
    private var scratch: String { directory.file("scratch") }

    init() throws {
        production = try PgBackRestServer(cluster: ["--wal-segsize=1", "--data-checksums"])
        directory = try TemporaryDirectory()
        let shop = try production.server.createDatabase(named: "shop")
        try shop.run(
            """
            CREATE TABLE orders (id int PRIMARY KEY, what text);
            INSERT INTO orders SELECT g, md5(g::text) FROM generate_series(1, 3000) g
            """)
    }

    private var shop: TestDatabase { TestDatabase(server: production.server, name: "shop") }

    /// pgBackRest tries damaged files again after 15 seconds, unless it is told not to.
    private func run(_ arguments: [String], environment: [String: String] = [:]) throws -> ToolResult {
        try Restorable.run(
            arguments + ["--scratch-directory", scratch],
            environment: ["PGBACKREST_JOB_RETRY": "0"].merging(environment) { $1 })
    }

    private func verify(_ address: String? = nil, _ arguments: [String] = []) throws -> ToolResult {
        try run(["verify", "--json", address ?? production.address] + arguments)
    }

    private func drill(_ arguments: [String] = []) throws -> ToolResult {
        try run(["drill", "--json", "--base", production.address, "--wal", production.address] + arguments)
    }

    private func leftovers() throws -> [String] {
        try TestFile.names(in: scratch).filter { $0.hasPrefix("scratch-") }
    }

    /// The largest file of the backup `label` below the directories of databases.
    private func dataFile(of label: String) throws -> String {
        try Tool.shell(
            "find \"$1\" -path '*/pg_data/base/*' -type f -printf '%s %p\\n' | sort -n | tail -1 | cut -d' ' -f2-",
            ["\(production.repository)/backup/main/\(label)"]
        ).outputText.trimmingNewline
    }

    @Test func itsOwnToolRestoresAndDamageIsTold() throws {
        let full = try production.backUp()
        try shop.run("INSERT INTO orders SELECT g, md5(g::text) FROM generate_series(3001, 5000) g")
        let incremental = try production.backUp("incr")
        #expect(incremental.hasPrefix(full + "_"))

        let newest = try verify()
        #expect(newest.status == 0, "\(newest.outputText)\(newest.errorText)")
        for member in [
            #""name":"\#(incremental)","format":"pgbackrest""#, #""verdict":"verified""#, #""content":"proved""#,
            #""name":"shop/public.orders","dump_rows":null,"restored_rows":5000"#, #""postgresql":"15."#,
        ] {
            #expect(newest.outputText.contains(member), "\(member) is not in \(newest.outputText)")
        }
        #expect(newest.outputText.contains("it is restored together with \(full)"))
        #expect(newest.outputText.contains("pages have the checksum that they carry"))
        let older = try verify("\(production.address)/\(full)", ["--until", "rows"])
        #expect(older.status == 0, "\(older.outputText)\(older.errorText)")
        #expect(older.outputText.contains(#""restored_rows":3000"#))

        // A file of the full backup, which the incremental one goes on from.
        let file = try dataFile(of: full)
        let bytes = try TestFile.read(file)
        try Damage.flipBit(UInt64(bytes.count) * 4).copy(file, to: file)
        let damaged = try verify(nil, ["--until", "integrity"])
        #expect(damaged.status == 1, "\(damaged.outputText)\(damaged.errorText)")
        #expect(damaged.outputText.contains(#""verdict":"failed","reason":"corrupt""#))
        #expect(damaged.outputText.contains("pgBackRest can't restore \(incremental)"))
        unlink(file)
        let lacking = try verify(nil, ["--until", "integrity"])
        #expect(lacking.status == 1, "\(lacking.outputText)\(lacking.errorText)")
        #expect(lacking.outputText.contains(#""reason":"missing-file""#))
        #expect(try leftovers() == [])
    }

    /// What stands in the way of the tool is no fault of the backup.
    @Test func whatKeepsTheToolFromItsWorkIsInconclusive() throws {
        try production.backUp()
        #expect(try verify(nil, ["--until", "integrity"]).status == 0)
        let stranger = try verify("pgbackrest:\(production.configuration):nobody")
        #expect(stranger.status == 2, "\(stranger.outputText)")
        #expect(stranger.outputText.contains("missing stanza"))
        let unknown = try verify("\(production.address)/20200101-000000F")
        #expect(unknown.status == 2)
        #expect(unknown.outputText.contains(#""reason":"vanished""#))
        let missing = try run(["verify", "--json", production.address], environment: ["PATH": "/nonexistent"])
        #expect(missing.status == 2)
        #expect(missing.outputText.contains(#""reason":"tool-missing""#))
        let nowhere = try verify("pgbackrest:/nonexistent/pgbackrest.conf:main")
        #expect(nowhere.status == 2)
        #expect(nowhere.outputText.contains("unable to open missing file"))
        try Tool.run("mv", [production.repository, production.repository + ".away"])
        let unmounted = try verify()
        try Tool.run("mv", [production.repository + ".away", production.repository])
        #expect(unmounted.status == 2, "\(unmounted.outputText)")
        let refused = try verify(nil, ["--until", "integrity", "--schema", "public"])
        #expect(refused.status == 2)
        #expect(refused.outputText.contains("can be asked of a dump only"))
        #expect(try leftovers() == [])
    }

    @Test func drillsReplayWhatTheToolHandsOut() throws {
        let label = try production.backUp()
        try shop.run("CREATE TABLE later AS SELECT g AS id FROM generate_series(1, 5000) g")
        let first = try production.archiveAll()
        try shop.run("INSERT INTO later SELECT g FROM generate_series(5001, 9000) g")
        let newest = try production.archiveAll()
        let whole = try drill(["--query", "SELECT count(*) = 9000 FROM later"])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        for member in [
            #""name":"\#(label)","format":"pgbackrest""#,
            #""drill":{"target":"latest","archive":"\#(production.address)""#,
            "recovered to the end of the archive",
        ] {
            #expect(whole.outputText.contains(member), "\(member) is not in \(whole.outputText)")
        }
        // The archive by itself is what `restorable wal` looks at, through the tool too.
        let archive = try Restorable.run(["wal", production.address, "--scratch-directory", scratch])
        #expect(archive.status == 0, "\(archive.outputText)\(archive.errorText)")

        try production.age()
        let stored = try production.path(ofSegment: newest)
        let kept = try TestFile.read(stored)
        try Damage.flipBit(UInt64(kept.count) * 4).copy(stored, to: stored)
        let damaged = try drill()
        #expect(damaged.status == 1, "\(damaged.outputText)\(damaged.errorText)")
        #expect(damaged.outputText.contains(#""reason":"corrupt""#))
        try TestFile.write(kept, to: stored)
        let gone = try production.path(ofSegment: first)
        try Tool.run("mv", [gone, directory.file("gone")])
        try production.age()
        let gap = try drill()
        #expect(gap.status == 1, "\(gap.outputText)\(gap.errorText)")
        #expect(gap.outputText.contains(#""reason":"wal-gap""#) && gap.outputText.contains(first))
        let lacking = try Restorable.run(["wal", production.address, "--scratch-directory", scratch])
        #expect(lacking.status == 1, "\(lacking.outputText)")
        #expect(try leftovers() == [])
    }

    /// Tablespaces come in place of their links, and a base backup of pg_basebackup goes on with the archive of pgBackRest.
    @Test func tablespacesAndOtherBaseBackups() throws {
        let place = "\(production.server.socketDirectory)/extra"
        try Tool.shell("mkdir \"$1\" && chown --reference=\"$2\" \"$1\"", [place, production.server.socketDirectory])
        try production.server.maintenance.run("CREATE TABLESPACE extra LOCATION '\(place)'")
        try shop.run("CREATE TABLE far TABLESPACE extra AS SELECT g AS id FROM generate_series(1, 777) g")
        try production.backUp()
        let restored = try verify()
        #expect(restored.status == 0, "\(restored.outputText)\(restored.errorText)")
        #expect(restored.outputText.contains(#""name":"shop/public.far","dump_rows":null,"restored_rows":777"#))

        let base = directory.file("base")
        try Tool.run(
            production.server.installation.tool("pg_basebackup"),
            ["-D", base, "-Ft", "--no-sync", "--checkpoint=fast", "-d", production.server.conninfo()])
        try shop.run("INSERT INTO far VALUES (778)")
        try production.archiveAll()
        let mixed = try run([
            "drill", "--json", "--base", base, "--wal", production.address, "--query", "SELECT count(*) = 778 FROM far",
        ])
        #expect(mixed.status == 0, "\(mixed.outputText)\(mixed.errorText)")
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
