import Backups
import Glibc
import History
import PostgreSQL
import Processes
import TestSupport
import Testing

/// `kill -9` in the middle of a verification, at each of its stages: what comes next says so, and cleans up.
@Suite(.serialized) struct KilledDaemonTests {
    /// What holds a verification in one stage, for longer than a test lasts.
    struct Hold: Sendable, CustomTestStringConvertible {
        let stage: String
        /// Of the database in the configuration.
        var settings = ""
        /// Of `backups` in it.
        var filter = ""
        /// SQL at the end of the dump.
        var sql = ""

        var testDescription: String { stage }
    }

    /// Of this suite alone: other suites run beside it.
    private static let scratch = "/var/tmp/restorable-test-killed"

    static let holds = [
        Hold(stage: "fetch", filter: ", filter: [tail, -f, /dev/null]"),
        // What a backup is shows in its first bytes; the end of these never comes.
        Hold(
            stage: "integrity",
            filter: #", filter: [sh, -c, "cat; yes -- | head -c 1000000; exec tail -f /dev/null"]"#),
        Hold(stage: "restore", sql: "SELECT pg_catalog.pg_sleep(600);"),
        // Only where a drift is allowed is a backup held against production itself, which never answers here.
        Hold(
            stage: "schema",
            settings: "connection: \"host=SILENT user=nobody\"\n    rows: { drift: 1% }"),
        // No lock outlives the connection that loads, but counting takes its time.
        Hold(
            stage: "rows",
            sql: "CREATE TABLE public.big AS SELECT n FROM pg_catalog.generate_series(1, 5000000) AS n;"),
        Hold(
            stage: "freshness", settings: "freshness: [{ table: public.slow, column: at }]",
            sql: "CREATE VIEW public.slow AS SELECT pg_catalog.now() AS at FROM pg_catalog.pg_sleep(600);"),
        Hold(
            stage: "queries", settings: #"queries: [{ name: slow, sql: "SELECT pg_sleep(600) IS NOT NULL" }]"#),
    ]

    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
        mkdir(shop.directory.file("backups"), 0o755)
    }

    @Test(arguments: holds) func theNextStartSaysSoAndCleansUp(_ hold: Hold) throws {
        let end = "--\n-- PostgreSQL database dump complete"
        let dump = try TestFile.text(try shop.dump())
        let text = hold.sql.isEmpty ? dump : dump.replacing(end, with: hold.sql + "\n" + end)
        #expect(hold.sql.isEmpty == (text == dump))
        try place(text, "shop.sql", minutesAgo: 60)
        let silent = try PretendedServer(.silent)
        let settings = hold.settings.replacing("SILENT", with: silent.directory.path)
        let configuration = configuration(hold.filter, settings)
        let daemon = try DaemonProcess(configuration, in: shop.directory, scratch: Self.scratch, logLevel: "debug")
        try daemon.waitForLog("the stage \(hold.stage) begins")
        #expect(try daemon.end(SIGKILL) == .signalled(SIGKILL))
        try expectInterrupted(configuration)
    }

    /// Rows that are held against production's counters wait for what it reports late.
    @Test func theWaitForProductionsCountersIsCutOff() throws {
        try shop.database.run("SELECT pg_stat_force_next_flush()")
        let production = try ConnectionParameters(conninfo: shop.database.conninfo)
        var sample = try ProductionActivity().read(try Connection(production)).sample
        // Sampled so long before the dump that no doubt of its time remains.
        sample.takenAt = Timestamp(seconds: sample.takenAt.seconds - 1800)
        do {
            let history = try SQLiteHistory.open(path: shop.directory.file("history.sqlite"), now: .now()).0
            _ = try history.monitoredSince("shop", now: sample.takenAt)
            try history.note(sample, of: "shop")
        }
        let name = try Tool.run("date", ["-u", "+shop-%Y%m%d-%H%M%S.sql"]).outputText.filter { $0 != "\n" }
        try place(try TestFile.text(try shop.dump()), name, minutesAgo: 2)
        let configuration = configuration(
            ", match: \"shop-{time:yyyyMMdd-HHmmss}.sql\"", "connection: \"\(shop.database.conninfo)\"")
        let daemon = try DaemonProcess(configuration, in: shop.directory, scratch: Self.scratch, logLevel: "debug")
        // Once for counting what was restored, once for the comparison.
        try daemon.waitForLog("the stage rows begins", times: 2)
        #expect(try daemon.end(SIGKILL) == .signalled(SIGKILL))
        try expectInterrupted(configuration)
    }

    /// The first verdict of a turn stands, whatever happens to the next backup.
    @Test func whatWasJudgedBeforeStands() throws {
        let dump = try TestFile.text(try shop.dump())
        try place(dump, "shop-2.sql", minutesAgo: 60)
        let end = "--\n-- PostgreSQL database dump complete"
        try place(dump.replacing(end, with: "SELECT pg_catalog.pg_sleep(600);\n" + end), "shop-1.sql", minutesAgo: 120)
        let configuration = configuration("", "select: { latest: true, random_older: 1 }")
        let daemon = try DaemonProcess(configuration, in: shop.directory, scratch: Self.scratch, logLevel: "debug")
        try daemon.waitForLog("the stage restore begins", times: 2)
        try daemon.waitForMetric(#"backup_verification_runs_total{database="shop",verdict="verified"} 1"#)
        #expect(try daemon.end(SIGKILL) == .signalled(SIGKILL))
        try expectInterrupted(configuration, status: "verified", backups: 2)
    }

    private func place(_ text: String, _ name: String, minutesAgo minutes: Int) throws {
        let file = try shop.directory.write(text, to: "backups/\(name)")
        try Tool.run("touch", ["--date", "\(minutes) minutes ago", file])
    }

    private func configuration(_ backups: String, _ settings: String) -> String {
        """
        databases:
          - name: shop
            backups: { location: \(shop.directory.file("backups"))\(backups) }
            objectives: { rpo: 24h }
            schedule: after_each_backup
            \(settings)
        """
    }

    private func expectInterrupted(
        _ configuration: String, status: String = "inconclusive", backups: Int = 1
    ) throws {
        let again = try DaemonProcess(configuration, in: shop.directory, scratch: Self.scratch)
        try again.waitForMetric("backup_verification_status{database=\"shop\",status=\"\(status)\"} 1")
        try again.waitForMetric("backup_catalog_backups{database=\"shop\"} \(backups)")
        let verified = status == "verified" ? 1 : 0
        let page = try again.get("/metrics")
        for line in [
            "backup_verification_status{database=\"shop\",status=\"verified\"} \(verified)",
            #"backup_verification_status{database="shop",status="failed"} 0"#,
            #"backup_verification_runs_total{database="shop",verdict="inconclusive"} 1"#,
            "backup_verification_runs_total{database=\"shop\",verdict=\"verified\"} \(verified)",
            // It is tried again in ten minutes, and not at once: what killed it may do so again.
            #"backup_verification_in_progress{database="shop"} 0"#,
        ] {
            #expect(page.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
        #expect(page.contains("backup_verification_last_success_timestamp_seconds{") == (verified == 1))
        #expect(try again.get("/api/v1/verifications?database=shop").contains(#""reason":"interrupted""#))
        // It has collected what the dead one left: there is nothing more to collect, and no server lives on.
        #expect(try RestoredShop.leftovers(in: Self.scratch).contains(#""removed":[]"#))
        #expect(try Tool.attempt("pgrep", ["--full", "^/.*postgres -D \(Self.scratch)/"]).status == 1)
        #expect(try again.end(SIGTERM) == .exited(0))
    }
}
