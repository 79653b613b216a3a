import Glibc
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
        let file = try shop.directory.write(text, to: "backups/shop.sql")
        try Tool.run("touch", ["--date", "1 hour ago", file])
        let configuration = """
            databases:
              - name: shop
                backups: { location: \(shop.directory.file("backups"))\(hold.filter) }
                objectives: { rpo: 24h }
                schedule: after_each_backup
                \(hold.settings)
            """
        let daemon = try DaemonProcess(configuration, in: shop.directory, scratch: Self.scratch, logLevel: "debug")
        try daemon.waitForLog("the stage \(hold.stage) begins")
        #expect(try daemon.end(SIGKILL) == .signalled(SIGKILL))

        let again = try DaemonProcess(configuration, in: shop.directory, scratch: Self.scratch)
        try again.waitForMetric(#"backup_verification_status{database="shop",status="inconclusive"} 1"#)
        try again.waitForMetric(#"backup_catalog_backups{database="shop"} 1"#)
        let page = try again.get("/metrics")
        for line in [
            #"backup_verification_status{database="shop",status="verified"} 0"#,
            #"backup_verification_status{database="shop",status="failed"} 0"#,
            #"backup_verification_runs_total{database="shop",verdict="inconclusive"} 1"#,
            #"backup_verification_runs_total{database="shop",verdict="verified"} 0"#,
            // It is tried again in ten minutes, and not at once: what killed it may do so again.
            #"backup_verification_in_progress{database="shop"} 0"#,
        ] {
            #expect(page.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
        #expect(!page.contains("backup_verification_last_success_timestamp_seconds{"))
        #expect(try again.get("/api/v1/verifications?database=shop").contains(#""reason":"interrupted""#))
        // It has collected what the dead one left: there is nothing more to collect, and no server lives on.
        #expect(try RestoredShop.leftovers(in: Self.scratch).contains(#""removed":[]"#))
        #expect(try Tool.attempt("pgrep", ["--full", "^/.*postgres -D \(Self.scratch)/"]).status == 1)
        #expect(try again.end(SIGTERM) == .exited(0))
    }
}
