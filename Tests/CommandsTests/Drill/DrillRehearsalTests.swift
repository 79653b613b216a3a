import Glibc
import TestSupport
import Testing

/// Disasters, as docs/rehearsals tells them, played through.
@Suite struct DrillRehearsalTests {
    @Test func anAccidentalDeleteIsUndoneByRecoveringToJustBefore() throws {
        let production = try ArchivedProduction()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        let before = try production.now()
        try production.shop.run("DELETE FROM orders")
        let after = try production.now()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (5, 'e')")
        try production.server.archiveAll()
        let back = try production.drill(["--to", before, "--query", "SELECT count(*) = 4 FROM orders"])
        #expect(back.status == 0, "\(back.outputText)\(back.errorText)")
        #expect(back.outputText.contains("stopped before commit of transaction"))
        let nothing = ["--to", after, "--query", "SELECT count(*) = 0 FROM orders"]
        // Its only table is empty then.
        #expect(try production.drill(nothing).status == 2)
        let gone = try production.drill(nothing + ["--allow-empty"])
        #expect(gone.status == 0, "\(gone.outputText)\(gone.errorText)")
        let last = try production.drill(["--query", "SELECT count(*) = 1 FROM orders"])
        #expect(last.status == 0, "\(last.outputText)\(last.errorText)")
    }

    @Test func aSegmentThatIsMissingInTheMiddleIsAGapAndWhatLiesBeforeItIsNot() throws {
        let production = try ArchivedProduction()
        try production.shop.run("SELECT pg_create_restore_point('before-the-gap')")
        try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        let second = try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (5, 'e')")
        try production.server.archiveAll()
        #expect(try production.drill(["--query", "SELECT count(*) = 5 FROM orders"]).status == 0)

        unlink("\(production.server.archive)/\(second)")
        // What lies behind it came just now: it may be on its way.
        let late = try production.drill(["--json"])
        #expect(late.status == 2, "\(late.outputText)\(late.errorText)")
        #expect(late.outputText.contains(#""reason":"wal-behind""#))
        try production.age()
        let gap = try production.drill(["--json"])
        #expect(gap.status == 1, "\(gap.outputText)\(gap.errorText)")
        #expect(gap.outputText.contains(#""reason":"wal-gap""#))
        #expect(gap.outputText.contains("segment \(second) is missing"))
        let behind = try production.drill(["--to", "xid:99999", "--json"])
        #expect(behind.outputText.contains(#""reason":"wal-gap""#), "\(behind.outputText)")
        let before = try production.drill([
            "--to", "name:before-the-gap", "--query", "SELECT count(*) = 3 FROM orders",
        ])
        #expect(before.status == 0, "\(before.outputText)\(before.errorText)")
    }

    @Test func aSegmentOfAnotherClusterIsNotReplayed() throws {
        let production = try ArchivedProduction()
        try production.shop.run("SELECT pg_create_restore_point('before')")
        try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        let name = try production.server.archiveAll()
        #expect(try production.drill().status == 0)

        // What another server would write under that name: the header's system identifier (XLogLongPageHeaderData).
        let archive = try production.copiedArchive("foreign")
        try Tool.shell(
            "printf 12345678 | dd of=\"$1\" bs=1 seek=24 conv=notrunc 2>/dev/null; touch -d '2 days ago' \"$1\"",
            ["\(archive)/\(name)"])
        let foreign = try production.drill(["--json"], archive: archive)
        #expect(foreign.status == 1, "\(foreign.outputText)\(foreign.errorText)")
        #expect(foreign.outputText.contains(#""reason":"wal-foreign""#))

        // It lies behind what is asked for here, and is not looked at.
        for target in ["immediate", "name:before"] {
            let before = try production.drill(["--to", target, "--skip-amcheck"], archive: archive)
            #expect(before.status == 0, "\(target): \(before.outputText)\(before.errorText)")
        }

        let damaged = try production.copiedArchive("damaged")
        // In the middle of what was written, behind the first page.
        try Tool.shell(
            "head -c 4096 /dev/zero | tr '\\0' 'x' | dd of=\"$1\" bs=1 seek=300 conv=notrunc 2>/dev/null",
            ["\(damaged)/\(name)"])
        let corrupt = try production.drill(["--json"], archive: damaged)
        #expect(corrupt.status == 1, "\(corrupt.outputText)\(corrupt.errorText)")
        #expect(corrupt.outputText.contains(#""reason":"corrupt""#))
        #expect(try production.leftovers() == [])
    }

    @Test func aFailoverIsFollowedToItsNewTimeline() throws {
        let production = try ArchivedProduction()
        try production.server.archiveAll()
        let standby = try ArchivingServer(standbyOf: production.server)
        func transaction(of order: Int) throws -> String {
            try production.shop.query("SELECT xmin FROM orders WHERE id = \(order)")
        }
        try production.shop.run("INSERT INTO orders (id, what) VALUES (0, 'early')")
        try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'before the failover')")
        try production.server.archiveAll()
        let promoted = TestDatabase(server: standby.server, name: "shop")
        for _ in 0..<3000 {
            if try promoted.query("SELECT count(*) FROM orders") == "5" { break }
            usleep(10_000)
        }
        try standby.promote()
        try promoted.run("INSERT INTO orders (id, what) VALUES (5, 'after it')")
        try standby.archiveAll()
        // The old primary did not notice at once, and wrote on.
        for id in 6...7 {
            try production.shop.run("INSERT INTO orders (id, what) VALUES (\(id), 'lost')")
            try production.server.archiveAll()
        }

        let latest = try production.drill(["--query", "SELECT max(id) = 5 FROM orders", "--json"])
        #expect(latest.status == 0, "\(latest.outputText)\(latest.errorText)")
        #expect(latest.outputText.contains(#""timeline":2"#))
        let old = try production.drill(["--timeline", "1", "--query", "SELECT max(id) = 7 FROM orders"])
        #expect(old.status == 0, "\(old.outputText)\(old.errorText)")
        // Without its history nobody finds the way to it.
        unlink("\(production.server.archive)/00000002.history")
        try production.age()
        let unlinked = try production.drill(["--json"])
        #expect(unlinked.status == 1, "\(unlinked.outputText)\(unlinked.errorText)")
        #expect(unlinked.outputText.contains("00000002.history"))
        // What the old primary committed behind the switch is reached, and was never production's; before it nothing is wrong.
        for (order, status) in [(0, 0), (6, 2), (7, 1)] as [(Int, Int32)] {
            let drill = try production.drill(["--to", "xid:\(transaction(of: order))", "--skip-amcheck", "--json"])
            #expect(drill.status == status, "\(drill.outputText)\(drill.errorText)")
            if status == 2 { #expect(drill.outputText.contains(#""reason":"target-not-reached""#)) }
            if status == 1 { #expect(drill.outputText.contains(#""reason":"wal-gap""#)) }
        }
    }

    /// What a lost host would lose: nobody can say that a moment is reached that the archive does not reach.
    @Test func anArchiveThatLagsIsNotTakenForThePresent() throws {
        let production = try ArchivedProduction()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        try production.server.archiveAll()
        try production.shop.run("INSERT INTO orders (id, what) VALUES (5, 'written, and not archived')")
        let now = try production.now()
        let drill = try production.drill(["--to", now, "--query", "SELECT count(*) = 4 FROM orders", "--json"])
        #expect(drill.status == 2, "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains(#""reason":"target-not-reached""#))
        #expect(drill.outputText.contains("1 is true"))
        // What is archived can be recovered; whether that is enough depends on what one may lose.
        try DaemonProcess.eventually("the last archived commit is older", every: 20_000) {
            try production.shop.query("SELECT clock_timestamp() - placed_at > '2 s' FROM orders WHERE id = 4") == "t"
        }
        for (rpo, isMet) in [("2s", false), ("1h", true)] {
            let latest = try production.drill(["--rpo", rpo, "--skip-amcheck", "--json"])
            #expect(latest.status == 0, "\(latest.outputText)\(latest.errorText)")
            let report = try DrillReport(latest)
            #expect(report.verdict == "verified" && report.rpo.met == isMet, "\(latest.outputText)")
            #expect(report.rpo.achievable_seconds ?? 0 > 2)
        }
        let told = try production.drill(["--rpo", "2s", "--skip-amcheck"])
        #expect(told.status == 0 && told.outputText.contains("VERIFIED"), "\(told.outputText)")
        #expect(told.outputText.contains(/RPO +not met: .+ would be lost, objective 2\.?0* s/), "\(told.outputText)")

        // The archive has not even come to the end of the base backup.
        let empty = production.directory.file("empty")
        mkdir(empty, 0o755)
        let none = try production.drill(["--json"], archive: empty)
        #expect(none.status == 2, "\(none.outputText)\(none.errorText)")
        #expect(none.outputText.contains(#""reason":"wal-behind""#))
    }

    @Test(arguments: [["-Fp"], ["-Ft", "-z"]])
    func fromTheBucketAloneComesARunningCopy(backup: [String]) throws {
        let production = try ArchivedProduction(backup: backup)
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'd')")
        try production.server.archiveAll()
        let (store, bucket) = (try S3Server.shared(), try S3Server.shared().makeBucket())
        try Tool.run("mkdir", ["-p", bucket.path("base")])
        try Tool.run("cp", ["-r", production.base, bucket.path("base/2026-11-20")])
        try Tool.run("cp", ["-r", production.server.archive, bucket.path("wal")])
        usleep(S3Server.memory)
        // Nothing else is left.
        production.server.server.stop()
        try Tool.run("rm", ["-rf", production.base, production.server.archive])
        let base = "\(bucket.address)/base/2026-11-20"
        let copy = try production.drill(
            ["--query", "SELECT count(*) = 4 FROM orders", "--keep-scratch"], base: base,
            archive: "\(bucket.address)/wal", environment: store.environment())
        #expect(copy.status == 0, "\(copy.outputText)\(copy.errorText)")
        #expect(copy.outputText.contains("keeps no empty directories") == (backup == ["-Fp"]))
        // As the report says, and to the database that was lost.
        let line = try #require(copy.outputText.firstMatch(of: /Connect: (.+) DATABASE/)).output.1
        let rows = try Tool.shell("\(line) shop -X -A -t -c 'SELECT count(*), max(what) FROM orders'")
        #expect(rows.outputText == "4|d\n", "\(line)")
        let collected = try Restorable.run(["gc", "--kept", "--scratch-directory", production.scratch])
        #expect(collected.status == 0, "\(collected.errorText)")
        #expect(try production.leftovers() == [])

        let victim = bucket.path("base/2026-11-20/\(backup == ["-Fp"] ? "global/1262" : "base.tar.gz")")
        try Damage.flipBit(UInt64(TestFile.size(victim)) * 4).copy(victim, to: victim)
        usleep(S3Server.memory)
        let damaged = try production.drill(
            ["--json"], base: base, archive: "\(bucket.address)/wal", environment: store.environment())
        #expect(damaged.status == 1, "\(damaged.outputText)\(damaged.errorText)")
        #expect(try production.leftovers() == [])
    }
}
