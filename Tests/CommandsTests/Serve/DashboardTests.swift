import Glibc
import TestSupport
import Testing

/// What dashboards and rules ask for, sent to a Prometheus that scrapes a daemon with databases in every state and a production
/// server of its own; and what that daemon's API says, held against its description.
@Suite struct DashboardTests {
    private let directory: TemporaryDirectory
    private let production: TestServer
    private let shop: TestDatabase

    /// What rules name although the daemon below has no value for it, and why.
    private static let absent = [
        "backup_production_changed_since_previous_backup": "takes samples from both sides of two backups: SamplingTests"
    ]

    /// What is not known of a database that was never verified, is suspended, or whose newest backup failed.
    private static let knownWhenVerified: Set<String> = [
        "backup_verified_backup_timestamp_seconds", "backup_restore_duration_seconds", "backup_restored_rows",
        "backup_restored_bytes", "backup_mismatched_tables", "backup_data_freshness_timestamp_seconds",
        "backup_check_success", "backup_verification_stage_duration_seconds",
        "backup_verification_status_since_timestamp_seconds", "backup_verification_next_run_timestamp_seconds",
    ]

    init() throws {
        directory = try TemporaryDirectory()
        for folder in ["backups", "bases"] { mkdir(directory.file(folder), 0o755) }
        // It fails to archive until somebody mends it: then it has a last failure and a last success.
        production = try TestServer(
            settings: ["archive_mode": "on", "archive_command": "test -e ../mended && cp %p ../wal/%f"])
        // The server's user must write there.
        mkdir("\(production.socketDirectory)/wal", 0o777)
        chmod("\(production.socketDirectory)/wal", 0o777)
        shop = try production.createDatabase(named: "shop")
        try shop.run(
            """
            CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);
            CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users, created_at timestamptz);
            INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 50) n;
            INSERT INTO orders SELECT n, n % 50 + 1, now() - interval '2 hours' - n * interval '1 minute' FROM generate_series(1, 500) n;
            """)
    }

    /// A backup of each of the last days, no two of one size; the newest is an hour old.
    private func fill(_ name: String, days: Int, _ text: String) throws {
        for day in (1...days).reversed() {
            let moment = try Tool.run("date", ["-u", "-d", "\(day) days ago + 23 hours", "+%Y%m%d-%H%M%S"]).outputText
            let padding = String(repeating: "-- padding\n", count: 10 * (day - 1))
            let path = try directory.write(
                text + padding, to: "backups/\(name)-\(moment.filter { $0 != "\n" }).sql")
            try Tool.run("touch", ["--date", "\(day) days ago + 23 hours", path])
        }
    }

    private func entry(_ name: String, _ schedule: String, filter: String = "") -> String {
        """
          - name: \(name)
            connection: "\(shop.conninfo)"
            backups: { location: \(directory.file("backups")), match: "\(name)-{time:yyyyMMdd-HHmmss}.sql", minimum_size: 1KiB\(filter) }
            wal_archive: { location: \(production.socketDirectory)/wal, base: \(directory.file("bases")), interval: 1s }
            objectives: { backup_every: 24h, rpo: 26h, rto: 1h, verify_every: 7d, wal_lag: 10m, recovery_window: 7d }
            \(schedule)
            freshness: [{ table: public.orders, column: created_at }]
            disk: { path: / }

        """
    }

    private func started() throws -> DaemonProcess {
        let whole = try TestFile.text(try shop.dump(to: directory.file("whole.sql")))
        try fill("shop", days: 8, whole)
        try fill("cut", days: 8, String(whole.prefix(whole.count / 2)))
        try fill("locked", days: 8, whole)
        try fill("resting", days: 8, whole)
        try finishSegment()
        let daemon = try DaemonProcess(
            """
            production_interval: 1s
            databases:
            \(entry("shop", "jitter: 1s"))\(entry("cut", "schedule: after_each_backup"))\
            \(entry("locked", "schedule: after_each_backup", filter: ", filter: [\"false\"]"))\
            \(entry("resting", "suspend: true"))
            """, in: directory)
        for (name, status) in [
            ("shop", "verified"), ("cut", "failed"), ("locked", "inconclusive"), ("resting", "never"),
        ] {
            try daemon.waitForMetric(#"backup_verification_status{database="\#(name)",status="\#(status)"} 1"#)
        }
        try DaemonProcess.eventually("archiving fails") {
            try daemon.get("/metrics").contains("postgres_wal_archive_last_failure_timestamp_seconds{")
        }
        try Tool.run("touch", ["\(production.socketDirectory)/mended"])
        try Tool.run(
            production.installation.tool("pg_basebackup"),
            ["-D", directory.file("bases/first"), "--no-sync", "--checkpoint=fast", "-d", production.conninfo()])
        try finishSegment()
        try daemon.waitForMetric(#"postgres_wal_archiving_lag_seconds{database="shop"} 0"#)
        try DaemonProcess.eventually("a window to recover to") {
            try daemon.get("/metrics").contains(#"postgres_recovery_window_start_timestamp_seconds{database="shop"}"#)
        }
        return daemon
    }

    private func finishSegment() throws {
        try production.maintenance.run(
            "CREATE TABLE IF NOT EXISTS t (n int); INSERT INTO t VALUES (1); SELECT pg_switch_wal()")
    }

    @Test func everythingAskedForIsThere() throws {
        let daemon = try started()
        let monitoring = try Monitoring(scraping: daemon.address, in: directory)
        try DaemonProcess.eventually("two scrapes, and the rules evaluated") {
            let rules = try monitoring.rules()
            return try monitoring.values("count_over_time(backup_info[1m]) >= 2").count == 4
                && !rules.isEmpty && rules.allSatisfy { $0.health == "ok" }
        }
        try overview(monitoring)
        try oneDatabase(monitoring)
        try rules(monitoring)
        try api(daemon)
    }

    private func overview(_ monitoring: Monitoring) throws {
        let dashboard = try Dashboard.shipped("overview")
        let values = try variables(of: dashboard, monitoring)
        #expect(values["job"] == ["restorable"])
        #expect(values["instance"]?.count == 1)
        let unanswered = try unanswered(dashboard, values, monitoring)
        #expect(unanswered == [])
        for (panel, value) in [
            ("Databases", 4.0), ("Verified", 1), ("Failed", 1), ("Inconclusive", 1), ("Never verified", 1),
            ("Known bad backups", 1), ("Restorable", 1), ("Configuration", 1),
        ] {
            let query = try #require(dashboard.queries.first { $0.panel == panel })
            #expect(try monitoring.values(Dashboard.filled(query.expression, values)) == [value], "\(panel)")
        }
    }

    private func oneDatabase(_ monitoring: Monitoring) throws {
        let dashboard = try Dashboard.shipped("database")
        var values = try variables(of: dashboard, monitoring)
        #expect(values["database"] == ["cut", "locked", "resting", "shop"])
        values["database"] = ["shop"]
        let unanswered = try unanswered(dashboard, values, monitoring)
        #expect(unanswered == [])
        for name in ["cut", "locked", "resting"] {
            values["database"] = [name]
            let unexplained = try self.unanswered(dashboard, values, monitoring).filter {
                Self.names(in: $0).isDisjoint(with: Self.knownWhenVerified)
            }
            #expect(unexplained == [], "\(name)")
        }
        // A name that is not there has no data: an expression that always gives some would prove nothing.
        values["database"] = ["nobody"]
        #expect(try self.unanswered(dashboard, values, monitoring).count > 30)
    }

    private func rules(_ monitoring: Monitoring) throws {
        let there = try monitoring.names()
        let rules = try monitoring.rules()
        #expect(rules.count > 15)
        var named: Set<String> = []
        for rule in rules { named.formUnion(Self.names(in: rule.query)) }
        #expect(named.count > 20)
        #expect(named.subtracting(there).filter { !Self.isOfDrills($0) } == Set(Self.absent.keys))
    }

    /// Fields that have no value here, by how their names begin, and why.
    private static let unseen = [
        "databases[].discovered_by": "all have entries of their own: DiscoveryTests",
        "databases[].drill": "none is configured: DrillDaemonTests",
        "verifications[].target": "no drill was made: DrillDaemonTests",
        "databases[].wal_archive.problem": "it can be listed", "databases[].wal_archive.hint": "nothing is missing",
        "databases[].wal_archive.reason": "nothing is missing",
        "databases[].wal_archive.first_missing": "nothing is missing",
        "databases[].wal_archive.window_unknown": "both ends are known",
        "databases[].catalog.problem": "the location can be listed", "databases[].production.problem": "it answers",
        "report.findings[]": "every statement ran", "report.drill": "none was asked for",
        "report.stopped_after": "a daemon verifies all",
        "report.freshness": "the history keeps its checks only (docs/json.md)",
        "report.tables[].reference_rows": "takes a manifest", "report.tables[].bounds": "takes earlier samples",
    ]

    private func api(_ daemon: DaemonProcess) throws {
        let runs = (1...3).map { (path: "/api/v1/verifications/{id}", target: "/api/v1/verifications/\($0)") }
        let flaws = try APIDescription.flaws(
            daemon,
            [
                (path: "/api/v1/databases", target: "/api/v1/databases"),
                (path: "/api/v1/verifications", target: "/api/v1/verifications"),
                (path: "/api/v1/verifications", target: "/api/v1/verifications?limit=1"),
            ] + runs, in: directory)
        let unexplained = flaws.filter { flaw in
            !flaw.hasPrefix("unseen ") || !Self.unseen.keys.contains { flaw.contains(".\($0)") }
        }
        #expect(unexplained == [])
        for name in Self.unseen.keys { #expect(flaws.contains { $0.contains(".\(name)") }, "\(name)") }
    }

    /// The values of a dashboard's variables, each asked for with those before it filled in.
    private func variables(of dashboard: Dashboard, _ monitoring: Monitoring) throws -> [String: [String]] {
        var values: [String: [String]] = [:]
        for variable in dashboard.variables {
            #expect(variable.definition == variable.query.text)
            let text = try Dashboard.filled(variable.query.text, values)
            let parts = try #require(text.wholeMatch(of: /label_values\((.+), *(\w+)\)/), "\(text)")
            values[variable.name] = try monitoring.labelValues(String(parts.2), of: String(parts.1))
            #expect(values[variable.name]?.isEmpty == false, "\(variable.name)")
        }
        return values
    }

    /// Expressions that give nothing, or no number.
    private func unanswered(
        _ dashboard: Dashboard, _ values: [String: [String]], _ monitoring: Monitoring
    ) throws -> [String] {
        #expect(dashboard.queries.count > 25)
        return try dashboard.queries.compactMap { query in
            // None is configured here: DrillDaemonTests asks for them.
            guard !Self.names(in: query.expression).contains(where: Self.isOfDrills) else { return nil }
            let expression = try Dashboard.filled(query.expression, values)
            let found = try monitoring.values(expression)
            return found.isEmpty || found.contains { $0.isNaN } ? "\(query.panel): \(expression)" : nil
        }
    }

    private static func isOfDrills(_ name: String) -> Bool { name.hasPrefix("backup_drill_") }

    /// The metrics of ours that an expression names.
    private static func names(in expression: String) -> Set<String> {
        Set(expression.matches(of: /\b(?:backup|restorable|postgres)_[a-z_]+\b/).map { String($0.0) })
    }
}
