import Foundation
import Glibc
import Processes
import TestSupport
import Testing

/// Drills on schedule in `restorable serve`, over what a real server archived: what Prometheus, the page and the API see of them.
@Suite struct DrillDaemonTests {
    private let production: ArchivedProduction
    private let directory: TemporaryDirectory
    private var scratch: String { directory.file("scratch") }

    init() throws {
        production = try ArchivedProduction()
        directory = try TemporaryDirectory()
        mkdir(directory.file("bases"), 0o755)
        // Its name tells when it was finished; its files are old enough to be complete.
        let moment = try production.shop.query(
            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC' + interval '1 s', 'YYYYMMDD-HH24MISS')")
        let base = directory.file("bases/base-\(moment)")
        try Tool.run("cp", ["-a", production.base, base])
        try Tool.shell("find \"$1\" -exec touch -d '1 hour ago' {} +", [base])
        // Commits on both sides of that moment, and later ones.
        var rows = 10
        try DaemonProcess.eventually("a commit after the base backup", every: 50_000) {
            rows += 1
            try production.shop.run("INSERT INTO orders (id, what) VALUES (\(rows), 'later')")
            return try production.shop.query(
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDD-HH24MISS') > '\(moment)'") == "t"
        }
        for _ in 0..<3 {
            try production.server.archiveAll()
            rows += 1
            try production.shop.run("INSERT INTO orders (id, what) VALUES (\(rows), 'last')")
        }
        try production.server.archiveAll()
        // What is missing from now on is not on its way.
        try production.age()
    }

    private func configuration(_ drill: String) -> String {
        """
        databases:
          - name: shop
            backups:
              location: \(directory.file("bases"))
              match: "base-{time:yyyyMMdd-HHmmss}"
              time: { means: end }
            wal_archive:
              { location: \(production.server.archive), base: \(directory.file("bases")), interval: 1s, grace: 0s }
            objectives: { rpo: 30d, rto: 1h }
            schedule: "0 4 1 1 *"
            jitter: 0s
            drill: \(drill)

        """
    }

    private static let query = "queries: [{ name: early, sql: \"SELECT count(*) >= 3 FROM orders\" }]"

    private func value(_ name: String, _ page: String) -> Double? {
        let series = "\(name){database=\"shop\"} "
        return page.split(separator: "\n").first { $0.hasPrefix(series) }.flatMap { Double($0.dropFirst(series.count)) }
    }

    /// A drill is due at once, and a minute after each.
    @Test func aDrillComesOnScheduleAndAGapFailsTheNext() throws {
        var daemon = try DaemonProcess(
            configuration("{ every: 1m, to: random, \(Self.query) }"), in: directory, scratch: scratch)
        try daemon.waitForMetric(#"backup_drill_status{database="shop",status="verified"} 1"#)
        try verified(daemon)
        try commands()

        // A segment in the middle is lost: no window is left, and the next drill goes to the end of the archive.
        let names = try TestFile.names(in: production.server.archive).filter { $0.count == 24 }.sorted()
        let gone = names[names.count - 2]
        try Tool.run("mv", ["\(production.server.archive)/\(gone)", directory.file("gone")])
        let before = try daemon.get("/metrics")
        try daemon.waitForMetric(#"backup_drill_status{database="shop",status="failed"} 1"#)
        let failed = try daemon.get("/metrics")
        #expect(failed.contains(#"backup_drill_runs_total{database="shop",verdict="failed"} 1"#))
        let answer = try daemon.get("/api/v1/databases")
        #expect(answer.contains(#""reason":"wal-gap""#) && answer.contains(gone), "\(answer)")
        #expect(answer.contains(#""code":"drill-failed""#))
        // A drill says nothing of the backup, and what was recovered is of the last one that was verified.
        #expect(failed.contains(#"backup_verification_status{database="shop",status="never"} 1"#))
        #expect(
            value("backup_drill_last_success_timestamp_seconds", failed) ?? 0
                >= value("backup_drill_last_success_timestamp_seconds", before) ?? .infinity)
        #expect(value("backup_drill_duration_seconds", failed) != nil)
        #expect(try daemon.get("/databases/shop").contains("Recovery to a point in time would fail"))
        #expect(try daemon.end(SIGTERM) == .exited(0))

        // Another daemon, whose drills come once a year, says the same from the first scrape.
        let web = try directory.write(
            // "correct horse", by bcrypt.
            "basic_auth_users:\n  ann: $2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n", to: "web.yml")
        daemon = try DaemonProcess(
            "web: { config_file: \(web) }\n"
                + configuration("{ schedule: \"0 5 1 1 *\", to: random, \(Self.query) }"), in: directory,
            scratch: scratch)
        daemon.user = "ann:correct horse"
        try daemon.waitForMetric(#"backup_drill_status{database="shop",status="failed"} 1"#)
        let again = try daemon.get("/metrics")
        for name in [
            "status_since_timestamp_seconds", "last_success_timestamp_seconds", "monitored_since_timestamp_seconds",
            "duration_seconds", "replay_duration_seconds", "replayed_bytes", "promote_duration_seconds",
            "recovered_to_timestamp_seconds",
        ] {
            let known = value("backup_drill_\(name)", failed)
            #expect(known != nil || name == "recovered_to_timestamp_seconds")
            #expect(value("backup_drill_\(name)", again) == known, "\(name)")
        }
        #expect(again.contains(#"backup_drill_runs_total{database="shop",verdict="verified"}"#))
        try daemon.waitForMetric(#"postgres_wal_archive_missing_segments{database="shop"} 1"#)
        try mended(daemon, gone)
        #expect(try daemon.end(SIGTERM) == .exited(0))
        let left = try TestFile.names(in: scratch).filter { $0.hasPrefix("scratch-") }
        #expect(left == [])
    }

    /// It alarms until the segment is back, and a drill that somebody asks for shows it.
    private func mended(_ daemon: DaemonProcess, _ gone: String) throws {
        let monitoring = try Monitoring(scraping: daemon.address, as: daemon.user, in: directory)
        try monitoring.wait(for: ["Watchdog", "RecoveryDrillFailed shop", "WALArchiveGap shop"])
        try Tool.run("mv", [directory.file("gone"), "\(production.server.archive)/\(gone)"])
        // That it is there again proves nothing yet.
        try monitoring.wait(for: ["Watchdog", "RecoveryDrillFailed shop"])
        #expect(try daemon.ask("POST", "/api/v1/databases/shop/drill", as: daemon.user).status == 202)
        try daemon.waitForMetric(#"backup_drill_status{database="shop",status="verified"} 1"#)
        try monitoring.wait(for: ["Watchdog"])
    }

    private func verified(_ daemon: DaemonProcess) throws {
        let page = try daemon.get("/metrics")
        #expect(page.contains(#"backup_drill_status{database="shop",status="failed"} 0"#))
        #expect(page.contains(#"backup_verification_status{database="shop",status="never"} 1"#))
        // All that rules and the dashboard ask for is there.
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
        let shipped = try ["alerts/restorable.rules.yml", "dashboards/database.json"].map {
            try TestFile.text(root.appending(path: $0).path)
        }.joined()
        let names = Set(shipped.matches(of: /backup_drill_[a-z_]+/).map { String($0.0) })
        #expect(names.count > 6)
        for name in names { #expect(page.contains("\n\(name){"), "\(name)") }
        let start = try #require(value("postgres_recovery_window_start_timestamp_seconds", page))
        let end = try #require(value("postgres_recovery_window_end_timestamp_seconds", page))
        // A random point may lie before the first commit behind the base backup.
        if let recovered = value("backup_drill_recovered_to_timestamp_seconds", page) {
            #expect(recovered > start - 60 && recovered <= end)
        }
        #expect(value("backup_drill_duration_seconds", page) ?? 0 > 0)
        #expect(value("backup_drill_replayed_bytes", page) ?? 0 >= 1_048_576)
        #expect(value("backup_drill_interval_seconds", page) == 60)
        let runs = try daemon.get("/api/v1/verifications?database=shop&kind=drill")
        // A moment of the window, and not its end.
        #expect(runs.contains(#""kind":"drill","target":"20"#), "\(runs)")
        let flaws = try APIDescription.flaws(
            daemon,
            [
                (path: "/api/v1/databases", target: "/api/v1/databases"),
                (path: "/api/v1/verifications", target: "/api/v1/verifications?kind=drill"),
                (path: "/api/v1/verifications/{id}", target: "/api/v1/verifications/1"),
            ], in: directory
        ).filter { !$0.hasPrefix("unseen ") }
        #expect(flaws == [])
        let site = try daemon.get("/databases/shop")
        #expect(site.contains("<h2>Drills</h2>") && site.contains("Recover to</dt><dd>random"))
    }

    /// The same by hand, while the daemon runs.
    private func commands() throws {
        let file = directory.file("restorable.yml")
        let history = try Restorable.run(["history", "--config", file, "--kind", "drill"])
        #expect(history.status == 0 && history.outputText.contains(", drill to 20"), "\(history.outputText)")
        let random = try Restorable.run(["drill", "--config", file, "--database", "shop", "--json"])
        #expect(random.status == 0, "\(random.outputText)\(random.errorText)")
        #expect(
            random.outputText.contains(#""drill":{"target":"20"#) && random.outputText.contains(#""database":"shop""#))
        #expect(random.outputText.contains(#""name":"query:early","verdict":"verified""#), "\(random.outputText)")
        // What the line says wins.
        let latest = try Restorable.run([
            "drill", "--config", file, "--to", "latest", "--query", "SELECT count(*) > 10000 FROM orders", "--json",
        ])
        #expect(latest.status == 1, "\(latest.outputText)\(latest.errorText)")
        #expect(latest.outputText.contains(#""drill":{"target":"latest""#))
        #expect(latest.outputText.contains(#""reason":"query-false""#))
        let early = try Restorable.run(["drill", "--config", file, "--to", "2001-01-01T00:00:00Z", "--json"])
        #expect(
            early.status == 2 && early.outputText.contains(#""reason":"target-not-reached""#), "\(early.outputText)")
        for (arguments, message) in [
            (["--config", file, "--database", "nobody"], "there is no database \"nobody\""),
            (["--config", file, "--base", "/b", "--wal", "/w"], "either --base and --wal, or --config"),
            (["--base", "/b", "--wal", "/w", "--to", "random"], "--to random needs --config"),
            (["--base", "/b"], "either --base and --wal, or --config"),
        ] {
            let wrong = try Restorable.run(["drill"] + arguments)
            #expect(wrong.status == 64 && wrong.errorText.contains(message), "\(wrong.errorText)")
        }
    }
}
