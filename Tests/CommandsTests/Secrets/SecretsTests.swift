import Glibc
import Processes
import TestSupport
import Testing

/// The password of production is looked for in all that a run leaves or shows: also where it is wrong, where nobody listens,
/// and where the connection string is none.
@Suite(.serialized) struct SecretsTests {
    private let shop: GuardedShop

    init() throws { shop = try GuardedShop() }

    private func said(_ result: ToolResult) -> String { result.outputText + result.errorText }

    @Test func everyWayToSayAPasswordKeepsIt() throws {
        let watch = ProcessWatch(for: shop.secrets)
        for (number, way) in try shop.ways(shop.password).enumerated() {
            let location = shop.directory.file("made-\(number).sql.gz")
            let dumped = try Restorable.run(["dump", way.conninfo, location], environment: way.environment)
            #expect(dumped.status == 0, "\(dumped.errorText)")
            let manifest = try TestFile.text(location + ".manifest.json")
            #expect(manifest.contains("orders"))
            #expect(shop.found(in: said(dumped) + manifest) == [])
            let compared = try Restorable.run(
                ["compare", "--json", way.conninfo, shop.database.conninfo], environment: way.environment)
            #expect(compared.status == 0, "\(said(compared))")
            #expect(shop.found(in: said(compared)) == [])
        }
        for way in try shop.ways(shop.wrong) {
            for arguments in [
                ["dump", way.conninfo, shop.directory.file("none.sql.gz")],
                ["compare", "--json", way.conninfo, shop.database.conninfo],
            ] {
                let refused = try Restorable.run(arguments, environment: way.environment)
                #expect(refused.status == 2)
                #expect(said(refused).contains("password authentication failed"), "\(said(refused))")
                #expect(shop.found(in: said(refused)) == [], "\(said(refused))")
            }
        }
        let (leaks, programs) = watch.end()
        #expect(leaks == [])
        #expect(programs.isSuperset(of: ["pg_dump", "postgres"]))
    }

    @Test func aStringThatIsNoneIsNotRepeated() throws {
        let path = try shop.database.dump(to: shop.directory.file("shop.sql"))
        for (number, conninfo) in shop.malformed().enumerated() {
            let result =
                number == 0
                ? try RestoredShop.verify(["--json", "--against", conninfo, path])
                : try Restorable.run(["dump", conninfo, shop.directory.file("none.sql.gz")])
            #expect(result.status == 2, "\(number): \(said(result))")
            #expect(said(result).contains("the connection string can't be parsed"), "\(number): \(said(result))")
            #expect(shop.found(in: said(result)) == [], "\(number): \(said(result))")
        }
    }

    /// What `verify` shows and writes, with a database that is reached, one that refuses, and one that is not there.
    @Test func verifyKeepsThePassword() throws {
        let watch = ProcessWatch(for: shop.secrets)
        let path = try shop.database.dump(to: shop.directory.file("shop.sql"))
        let report = shop.directory.file("report.html")
        let unreachable = shop.uri(shop.password, host: "127.0.0.1:1")
        for (conninfo, arguments, status, told) in [
            (shop.uri(shop.password), ["--loader", "psql"], Int32(0), "500"),
            ("\(shop.conninfo) password=\(shop.wrong)", [], 2, "password authentication failed"),
            (unreachable, ["--json"], 2, "Connection refused"),
        ] {
            let result = try RestoredShop.verify(["--report", report, "--against", conninfo, path] + arguments)
            let page = try TestFile.text(report)
            #expect(result.status == status, "\(said(result))")
            for text in [said(result), page] {
                #expect(text.contains(told) && shop.found(in: text) == [], "\(text)")
            }
        }
        let (leaks, programs) = watch.end()
        #expect(leaks == [])
        #expect(programs.isSuperset(of: ["postgres", "scratch-warden"]), "\(programs)")
    }

    private var environment: [String: String] {
        [
            "RT_PASSWORD": shop.password, "RT_WRONG": shop.wrong, "RT_MALFORMED": "\(shop.password)/\(shop.wrong)",
            "PGSERVICEFILE": shop.directory.file("services"),
        ]
    }

    /// One that is reached, one that refuses, one that is not there, one whose password spoils its URI; and two whose filters
    /// tell what they were told.
    private func configuration() throws -> String {
        mkdir(shop.directory.file("backups"), 0o755)
        let path = try shop.database.dump(to: shop.directory.file("backups/shop-1.sql"))
        // A file that was written to within the last minute is taken to be in progress.
        try Tool.run("touch", ["--date", "1 hour ago", path])
        let services = try shop.directory.write(
            "[gone]\nhost=127.0.0.1\nport=1\nuser=u\npassword=\(shop.password)\n", to: "services")
        let secret = try shop.directory.write(shop.password + "\n", to: "secret")
        try Tool.run("chmod", ["600", services, secret])
        let told = shop.directory.file("told")
        let databases = [
            ("env", "\(shop.conninfo) password=${env:RT_PASSWORD}", #"filter: [sh, -c, "env > \#(told); cat"]"#),
            ("file", shop.uri("${file:\(secret)}"), #"filter: [sh, -c, "env >&2; exit 3"]"#),
            ("wrong", "\(shop.conninfo) password=${env:RT_WRONG}", ""), ("gone", "service=gone", ""),
            ("malformed", shop.uri("${env:RT_MALFORMED}"), ""),
            ("kept", "\(shop.conninfo)\"\n    password_file: \"\(secret)", ""),
        ]
        return databases.map { name, connection, more in
            """
              - name: \(name)
                connection: "\(connection)"
                backups: { location: \(shop.directory.file("backups")), match: "shop-*.sql"\(more.isEmpty ? "" : ", \(more)") }
                rows: { drift: 0 }
                schedule: after_each_backup

            """
        }.joined()
    }

    @Test func theDaemonKeepsThePassword() throws {
        let watch = ProcessWatch(for: shop.secrets)
        let daemon = try DaemonProcess(
            "production_interval: 1s\nsamples_interval: 1s\ndatabases:\n" + configuration(), in: shop.directory,
            logLevel: "debug", variables: environment)
        try daemon.waitForMetric(#"backup_verification_status{database="env",status="verified"} 1"#)
        try daemon.waitForMetric(#"backup_verification_status{database="kept",status="verified"} 1"#)
        for name in ["file", "wrong", "gone", "malformed"] {
            try daemon.waitForMetric(#"backup_verification_status{database="\#(name)",status="inconclusive"} 1"#)
        }
        for (name, isUp) in [("env", 1), ("file", 1), ("kept", 1), ("wrong", 0), ("gone", 0)] {
            try daemon.waitForMetric(#"postgres_connection_up{database="\#(name)"} \#(isUp)"#)
        }
        let runs = try daemon.get("/api/v1/verifications")
        var pages = ["/", "/metrics", "/api/v1/databases", "/api/v1/verifications"]
        pages += ["env", "file", "wrong", "gone", "malformed", "kept"].map { "/databases/\($0)" }
        pages += (1...6).flatMap { ["/verifications/\($0)", "/api/v1/verifications/\($0)"] }
        for page in pages {
            let text = try daemon.get(page)
            #expect(!text.isEmpty && shop.found(in: text) == [], "\(page): \(text)")
        }
        #expect(try daemon.end(SIGTERM) == .exited(0))
        let (leaks, programs) = watch.end()
        #expect(leaks == [])
        #expect(programs.isSuperset(of: ["postgres", "scratch-warden", "sh"]), "\(programs)")

        // What went wrong is told in each of them, and the secret in none.
        let log = try TestFile.text(daemon.log)
        let history = try TestFile.names(in: shop.directory.path).filter { $0.hasPrefix("history.sqlite") }
            .map { try TestFile.text(shop.directory.file($0)) }.joined()
        for (place, text) in [("runs", runs), ("log", log), ("history", history)] {
            #expect(shop.found(in: text) == [], "\(place)")
            for told in ["password authentication failed", "Connection refused", "can't be parsed"] {
                #expect(text.contains(told), "\(place) does not say: \(told)")
            }
        }
        // The filter has our environment, without what connections take from it.
        let told = try TestFile.text(shop.directory.file("told"))
        #expect(told.contains("PATH=") && shop.found(in: told) == [] && !told.contains("RT_PASSWORD"), "\(told)")
        #expect(history.contains("exit status 3"))
    }

    /// A one-shot run of configured databases, into files for Prometheus and for people, and into the daemon's history.
    @Test func aRunForPrometheusKeepsThePassword() throws {
        let configuration = try shop.directory.write(
            """
            scratch: { directory: \(RestoredShop.scratch) }
            history: \(shop.directory.file("history.sqlite"))
            databases:
            \(configuration())
            """, to: "restorable.yml")
        let (metrics, report) = (shop.directory.file("restorable.prom"), shop.directory.file("report.html"))
        let watch = ProcessWatch(for: shop.secrets)
        let result = try Restorable.run(
            ["verify", "--json", "--config", configuration, "--metrics-file", metrics, "--report", report],
            environment: environment)
        #expect(result.status == 2, "\(said(result))")
        let files = try [metrics, report].map { try TestFile.text($0) }
        #expect(files[0].contains(#"backup_verification_status{database="env",status="verified"} 1"#))
        #expect(files[1].contains("password authentication failed") && said(result).contains("can't be parsed"))
        for text in files + [said(result)] { #expect(shop.found(in: text) == [], "\(text)") }
        #expect(watch.end().leaks == [])
    }
}
