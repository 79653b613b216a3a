import Glibc
import TestSupport
import Testing

/// `restorable drill` as it is typed, over what real servers archived.
@Suite struct DrillCommandTests {
    /// The last number: MiB of one segment of the log.
    @Test(arguments: [
        (15, ArchivingServer.Layout.raw, [String](), 1), (18, .raw, ["-Ft", "-z"], 1),
        (15, .compressed(.zstd), ["-Ft"], 1), (18, .prefixed, [], 1), (15, .raw, [], 16),
        (18, .compressed(.zstd), ["-Ft", "-z"], 64),
    ])
    func recoversToTheEndOfTheArchive(
        major: Int, layout: ArchivingServer.Layout, backup: [String], segment: Int
    ) throws {
        let production = try ArchivedProduction(major: major, layout: layout, segment: segment, backup: backup)
        try production.shop.run("CREATE TABLE later (id int)")
        for _ in 0..<4 {
            try production.shop.run("INSERT INTO later SELECT g FROM generate_series(1, 1250) g")
            try production.server.archiveAll()
        }
        let drill = try production.drill([
            "--query", "SELECT count(*) = 5000 FROM later", "--query", "SELECT count(*) = 3 FROM orders",
        ])
        #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains("VERIFIED"))
        #expect(drill.outputText.contains("shop/public.later"))
        let replayed = try #require(
            drill.outputText.firstMatch(
                of: /replayed +(\d+) archived files?, ([0-9.]+) MiB, in \S+ \S+ \([0-9.]+ [KMG]iB\/s\)/),
            "\(drill.outputText)")
        #expect(Int(replayed.output.1) ?? 0 >= 4 && Double(replayed.output.2) ?? 0 >= Double(4 * segment))
        #expect(drill.outputText.contains(/promoted in +\d/), "\(drill.outputText)")
        #expect(try production.leftovers() == [])

        let wrong = try production.drill(["--query", "SELECT count(*) = 5001 FROM later", "--json"])
        #expect(wrong.status == 1)
        #expect(wrong.outputText.contains(#""reason":"query-false""#))
        for member in [
            #""drill":{"target":"latest""#, #""timeline":1"#, #""recovered_to":"0/"#,
            #""data_as_of_source":"recovery""#,
            #""name":"recovery","seconds":"#,
        ] {
            #expect(wrong.outputText.contains(member), "\(member) is not in \(wrong.outputText)")
        }
    }

    /// Damage of the base backup ends a drill before anything is started; damage that was there before shows in the copy.
    @Test func aDamagedBaseBackupFails() throws {
        let production = try ArchivedProduction(cluster: ["--data-checksums"])
        try production.server.archiveAll()
        let whole = try production.drill(["--json", "--rto", "1h", "--rpo", "1d"])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains("pages have the checksum that they carry"))
        #expect(whole.outputText.contains("pg_amcheck found every table and B-tree index in order"))

        let file = try production.shop.query("SELECT pg_relation_filepath('orders')")
        try Tool.shell(
            "printf x | dd of=\"$1\" bs=1 seek=8000 conv=notrunc 2>/dev/null", ["\(production.base)/\(file)"])
        let damaged = try production.drill()
        #expect(damaged.status == 1)
        #expect(damaged.outputText.contains("\(file) does not have the CRC32C that the manifest says"))
        // Without the manifest nobody sees it before the page is read.
        unlink("\(production.base)/backup_manifest")
        let unseen = try production.drill()
        #expect(unseen.status == 1, "\(unseen.outputText)")
        #expect(unseen.outputText.contains("checksum"))
        #expect(try production.leftovers() == [])
    }

    /// An objective that is not met says nothing against the backup.
    @Test func howLongItTookIsHeldAgainstTheObjectives() throws {
        let production = try ArchivedProduction()
        try production.server.archiveAll()
        for (rto, seconds, isMet) in [("1h", "3600", true), ("1ms", "0.001", false)] {
            let drill = try production.drill(["--json", "--rto", rto, "--rpo", "1d", "--skip-amcheck"])
            #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
            let report = try DrillReport(drill)
            #expect(report.verdict == "verified")
            #expect(report.rto.objective_seconds == Double(seconds) && report.rto.met == isMet, "\(drill.outputText)")
            #expect(report.rpo.objective_seconds == 86400 && report.rpo.met == true, "\(drill.outputText)")
            #expect(report.drill.replay_seconds > 0 && report.drill.promote_seconds > 0, "\(drill.outputText)")
            // It is the time of unpacking, replaying and promoting.
            #expect(report.rto.measured_seconds ?? 0 > report.drill.replay_seconds + report.drill.promote_seconds)
            #expect(report.rpo.achievable_seconds ?? 0 > 0)
        }
        let slow = try production.drill(["--rto", "1ms", "--rpo", "1d", "--skip-amcheck"])
        #expect(slow.status == 0 && slow.outputText.contains("VERIFIED"), "\(slow.outputText)")
        #expect(slow.outputText.contains(/RTO +not met: .+ to restore, objective 1 ms/), "\(slow.outputText)")
        #expect(slow.outputText.contains(/RPO +met: .+ would be lost, objective 1 d/), "\(slow.outputText)")
    }

    /// Held against the last transaction that came back: time stands still in a backup.
    @Test func aColumnThatMustBeFresh() throws {
        let production = try ArchivedProduction()
        try production.server.archiveAll()
        let arguments = ["--json", "--fresh", "orders.placed_at", "--rpo", "1h", "--skip-amcheck"]
        let fresh = try production.drill(arguments)
        #expect(fresh.status == 0, "\(fresh.outputText)\(fresh.errorText)")
        #expect(
            fresh.outputText.contains(#""name":"freshness:public.orders","verdict":"verified""#), "\(fresh.outputText)")
        try production.shop.run("UPDATE orders SET placed_at = placed_at - interval '2 hours'")
        try production.server.archiveAll()
        let stale = try production.drill(arguments)
        #expect(stale.status == 1, "\(stale.outputText)\(stale.errorText)")
        #expect(stale.outputText.contains(#""reason":"not-fresh""#), "\(stale.outputText)")
    }

    /// Nobody knows which roles a cluster has.
    @Test func aClusterWithoutARoleOfTheUsualNameIsAskedAllTheSame() throws {
        let production = try ArchivedProduction(prepare: "CREATE ROLE chief SUPERUSER LOGIN;")
        let segment = try production.shop.query("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
        // From here on the role of the other tests' queries can't log in.
        try production.shop.run(
            "SET SESSION AUTHORIZATION chief; ALTER ROLE postgres RENAME TO somebody; SELECT pg_switch_wal()")
        for _ in 0..<3000 {
            if TestFile.exists("\(production.server.archive)/\(segment)") { break }
            usleep(10_000)
        }
        let drill = try production.drill(["--query", "SELECT count(*) = 3 FROM orders"])
        #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
    }

    @Test func whatIsKeptRunsOn() throws {
        let production = try ArchivedProduction()
        try production.server.archiveAll()
        let drill = try production.drill(["--keep-scratch"])
        #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
        let left = try #require(try production.leftovers().first)
        let rows = try Tool.run(
            production.server.server.installation.tool("psql"),
            [
                "-X", "-A", "-t", "-h", "\(production.scratch)/\(left)/s", "-U", "restorable_scratch", "-d", "shop",
                "-c",
                "SELECT count(*) FROM orders",
            ])
        #expect(rows.outputText == "3\n")
        let collected = try Restorable.run(["gc", "--kept", "--scratch-directory", production.scratch])
        #expect(collected.status == 0, "\(collected.errorText)")
        #expect(try production.leftovers() == [])
    }

    @Test(arguments: [
        (["--to", "2026-11-20T02:00:07"], "has no zone"), (["--to", "soon"], "is no target"),
        (["--timeline", "0"], "neither latest nor the number of a timeline"),
        (["--fresh", "orders.at"], "--fresh needs --rpo"),
    ])
    func wrongUsageSaysWhatIsRight(arguments: [String], message: String) throws {
        let drill = try Restorable.run(["drill", "--base", "/nonexistent", "--wal", "/nonexistent"] + arguments)
        #expect(drill.status == 64)
        #expect(drill.errorText.contains(message), "\(drill.errorText)")
    }
}
