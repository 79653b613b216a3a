import Glibc
import TestSupport
import Testing

/// Backups of Barman, restored by Barman itself: the real program, over a real server's archive.
@Suite(.serialized) struct BarmanDrillTests {
    private let production: BarmanServer
    private let directory: TemporaryDirectory
    private let backup: String
    private let shop: TestDatabase
    private var scratch: String { directory.file("scratch") }

    init() throws {
        production = try BarmanServer(cluster: ["--wal-segsize=1", "--data-checksums"])
        directory = try TemporaryDirectory()
        shop = try production.server.createDatabase(named: "shop")
        try shop.run(
            """
            CREATE TABLE orders (id int PRIMARY KEY, what text);
            INSERT INTO orders SELECT g, md5(g::text) FROM generate_series(1, 3000) g
            """)
        backup = try production.backUp()
    }

    private func run(_ arguments: [String]) throws -> ToolResult {
        try Restorable.run(arguments + ["--scratch-directory", scratch])
    }

    private func leftovers() throws -> [String] {
        try TestFile.names(in: scratch).filter { $0.hasPrefix("scratch-") }
    }

    @Test func itsOwnToolRestoresAndDamageIsTold() throws {
        let whole = try run(["verify", "--json", production.address])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        for member in [
            #""name":"\#(backup)","format":"barman""#, #""verdict":"verified""#, #""content":"proved""#,
            #""name":"shop/public.orders","dump_rows":null,"restored_rows":3000"#, "files of the manifest are there",
        ] {
            #expect(whole.outputText.contains(member), "\(member) is not in \(whole.outputText)")
        }
        #expect(try leftovers() == [])

        // Barman itself says nothing of a file that is gone; the manifest that it kept does.
        let place = "\(production.home)/main/base/\(backup)/data"
        let file = try "\(place)/\(shop.query("SELECT pg_relation_filepath('orders')"))"
        let bytes = try TestFile.read(file)
        unlink(file)
        let lacking = try run(["verify", "--json", "--until", "integrity", production.address])
        #expect(lacking.status == 1, "\(lacking.outputText)\(lacking.errorText)")
        #expect(lacking.outputText.contains(#""reason":"missing-file""#))
        try TestFile.write(bytes, to: file)
        try Damage.flipBit(UInt64(bytes.count) * 4).copy(file, to: file)
        let damaged = try run(["verify", "--json", "--until", "integrity", "\(production.address)/\(backup)"])
        #expect(damaged.status == 1, "\(damaged.outputText)\(damaged.errorText)")
        #expect(damaged.outputText.contains(#""reason":"checksum-mismatch""#))
        try Tool.run("mv", [place, place + ".away"])
        let gone = try run(["verify", "--json", "--until", "integrity", production.address])
        #expect(gone.status == 1, "\(gone.outputText)\(gone.errorText)")
        #expect(gone.outputText.contains("Barman can't restore \(backup)"))
        #expect(try leftovers() == [])
    }

    @Test func drillsReplayWhatTheToolHandsOut() throws {
        try shop.run("CREATE TABLE later AS SELECT g AS id FROM generate_series(1, 5000) g")
        let first = try production.archiveAll()
        try shop.run("INSERT INTO later SELECT g FROM generate_series(5001, 9000) g")
        let newest = try production.archiveAll()
        let arguments = ["drill", "--json", "--base", production.address, "--wal", production.address]
        let whole = try run(arguments + ["--query", "SELECT count(*) = 9000 FROM later"])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains("recovered to the end of the archive"))

        try production.age()
        let stored = "\(production.archive)/\(newest.prefix(16))/\(newest)"
        let bytes = try TestFile.read(stored)
        try TestFile.write(Array(repeating: UInt8(ascii: "x"), count: bytes.count), to: stored)
        let damaged = try run(arguments)
        #expect(damaged.status == 1, "\(damaged.outputText)\(damaged.errorText)")
        #expect(damaged.outputText.contains(#""reason":"corrupt""#))
        try TestFile.write(bytes, to: stored)
        unlink("\(production.archive)/\(first.prefix(16))/\(first)")
        try production.age()
        let gap = try run(arguments)
        #expect(gap.status == 1, "\(gap.outputText)\(gap.errorText)")
        #expect(gap.outputText.contains(#""reason":"wal-gap""#) && gap.outputText.contains(first))
        #expect(try leftovers() == [])
    }

    /// What stands in the way of the tool is no fault of the backup.
    @Test func whatKeepsTheToolFromItsWorkIsInconclusive() throws {
        let stranger = try run(["verify", "--json", "barman:\(production.configuration):nobody"])
        #expect(stranger.status == 2, "\(stranger.outputText)")
        #expect(stranger.outputText.contains("Unknown server"))
        let unknown = try run(["verify", "--json", "\(production.address)/20200101T000000"])
        #expect(unknown.status == 2 && unknown.outputText.contains(#""reason":"vanished""#), "\(unknown.outputText)")
        let nowhere = try run(["verify", "--json", "barman:/nonexistent/barman.conf:main"])
        #expect(nowhere.status == 2, "\(nowhere.outputText)")
        #expect(nowhere.outputText.contains("does not exist"))
        // A backup that Barman could not finish is none.
        let note = "\(production.home)/main/base/\(backup)/backup.info"
        try Tool.run("sed", ["-i", "s/^status=DONE/status=FAILED/", note])
        let failed = try run(["verify", "--json", "\(production.address)/\(backup)"])
        #expect(failed.status == 1, "\(failed.outputText)")
        #expect(failed.outputText.contains("Barman did not finish it"))
        let none = try run(["verify", "--json", production.address])
        #expect(none.status == 1 && none.outputText.contains(#""reason":"no-backup""#), "\(none.outputText)")
    }
}
