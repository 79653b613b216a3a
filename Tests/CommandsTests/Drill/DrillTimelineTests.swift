import Glibc
import TestSupport
import Testing

/// Recoveries that follow another timeline than production's, or are told of one that never was.
@Suite struct DrillTimelineTests {
    /// As if all that is in the archive had been stored some hours ago.
    private func age(_ production: ArchivedProduction, hours: Int) throws {
        try Tool.shell(
            "find \"$1\" -type f -exec touch -d \"$2 hours ago\" {} +", [production.server.archive, "\(hours)"])
    }

    private func transaction(of order: Int, in shop: TestDatabase) throws -> String {
        try shop.query("SELECT xmin FROM orders WHERE id = \(order)")
    }

    /// A restore test is promoted with production's `archive_command`, and production goes on.
    @Test func aPromotedCopyIsNotTakenForProduction() throws {
        let production = try ArchivedProduction()
        try production.server.archiveAll()
        let copy = try ArchivingServer(standbyOf: production.server)
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        let common = try transaction(of: 4, in: production.shop)
        try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (5, 'e')")
        try production.server.archiveAll()
        let promoted = TestDatabase(server: copy.server, name: "shop")
        for _ in 0..<3000 {
            if try promoted.query("SELECT count(*) FROM orders") == "5" { break }
            usleep(10_000)
        }
        try copy.promote()
        try promoted.run("INSERT INTO orders (id, what) VALUES (90, 'of the copy')")
        let copied = try transaction(of: 90, in: promoted)
        try copy.archiveAll()
        copy.server.stop()
        // Until production goes on it looks like a failover.
        let failover = try production.drill(["--query", "SELECT max(id) = 90 FROM orders"])
        #expect(failover.status == 0, "\(failover.outputText)\(failover.errorText)")

        try age(production, hours: 3)
        for id in 6...8 {
            try production.shop.run("INSERT INTO orders (id, what) VALUES (\(id), 'of production')")
            try production.server.archiveAll()
        }
        let latest = try production.drill(["--json"])
        #expect(latest.status == 2, "\(latest.outputText)\(latest.errorText)")
        #expect(latest.outputText.contains(#""reason":"target-not-reached""#))
        #expect(latest.outputText.contains("--timeline 1"))
        let behind = try production.drill(["--to", "xid:\(copied)", "--skip-amcheck", "--json"])
        #expect(behind.status == 2, "\(behind.outputText)\(behind.errorText)")
        // What both have in common is reached, and so is production's end, by its name.
        let shared = try production.drill(["--to", "xid:\(common)", "--skip-amcheck"])
        #expect(shared.status == 0, "\(shared.outputText)\(shared.errorText)")
        let named = try production.drill(["--timeline", "1", "--query", "SELECT max(id) = 8 FROM orders"])
        #expect(named.status == 0, "\(named.outputText)\(named.errorText)")

        let archive = try wal(production)
        #expect(archive.status == 2, "\(archive.outputText)\(archive.errorText)")
        #expect(archive.outputText.contains(#""rival_timelines":[1]"#))
        // A base backup of production's own can't be brought to the copy's timeline: that is told, and no fault of it.
        try production.server.baseBackup([], to: production.directory.file("later"))
        try production.server.archiveAll()
        let later = try production.drill(["--json"], base: production.directory.file("later"))
        #expect(later.status == 2, "\(later.outputText)\(later.errorText)")
        #expect(later.outputText.contains(#""reason":"target-not-reached""#))
        // Without what the copy left all is well.
        try Tool.shell("rm \"$1\"/00000002*", [production.server.archive])
        #expect(try production.drill(["--query", "SELECT max(id) = 8 FROM orders"]).status == 0)
        #expect(try wal(production).status == 0)
    }

    private func wal(_ production: ArchivedProduction) throws -> ToolResult {
        try Restorable.run([
            "wal", production.server.archive, "--base", production.base, "--json", "--postgresql-bin",
            production.server.server.installation.bin,
        ])
    }

    /// No manifest lists what lies in pg_wal. What a recovery came to is told by the history that the server wrote.
    @Test func aHistoryThatTheBackupBringsDecidesNothing() throws {
        let production = try ArchivedProduction()
        try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        let second = try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (5, 'e')")
        try production.server.archiveAll()
        let end = try production.shop.query("SELECT pg_current_wal_lsn()")
        try TestFile.write(Array("1\t\(end)\tplanted\n".utf8), to: "\(production.base)/pg_wal/FFFFFFFF.history")
        let whole = try production.drill(["--query", "SELECT count(*) = 5 FROM orders", "--json"])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains(#""timeline":1"#))
        // A recovery that gives up.
        let short = try production.drill(["--to", "lsn:F/0", "--json"])
        #expect(short.status == 2, "\(short.outputText)\(short.errorText)")
        #expect(short.outputText.contains(#""reason":"target-not-reached""#))
        // One that ends at a gap, and looks as if it had come to the end.
        unlink("\(production.server.archive)/\(second)")
        try age(production, hours: 2)
        for arguments in [[], ["--to", "lsn:F/0"]] {
            let gap = try production.drill(arguments + ["--json"])
            #expect(gap.status == 1, "\(gap.outputText)\(gap.errorText)")
            #expect(gap.outputText.contains(#""reason":"wal-gap""#) && gap.outputText.contains(second))
        }
        #expect(try production.leftovers() == [])
    }
}
