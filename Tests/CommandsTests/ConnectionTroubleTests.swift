import TestSupport
import Testing

/// Services and password files that libpq does not take: said in words, with what to do, by `verify --against` and `dump`.
@Suite(.serialized) struct ConnectionTroubleTests {
    private let shop: RestoredShop
    private let backup: String

    init() throws {
        shop = try RestoredShop()
        backup = try shop.dump()
    }

    private func against(_ conninfo: String, _ environment: [String: String] = [:]) throws -> ToolResult {
        try RestoredShop.verify(["--json", "--against", conninfo, backup], environment: environment)
    }

    private func dump(_ conninfo: String, _ environment: [String: String] = [:]) throws -> ToolResult {
        try Restorable.run(["dump", conninfo, shop.directory.file("made.sql.gz")], environment: environment)
    }

    @Test func aServiceThatIsNotDefinedIsNamed() throws {
        let server = shop.database.server
        let file = try shop.directory.write(
            "[shop]\nhost=\(server.socketDirectory)\nuser=\(TestServer.superuser)\ndbname=\(shop.database.name)\n",
            to: "services")
        let services = ["PGSERVICEFILE": file]
        #expect(try against("service=shop", services).status == 0)
        #expect(try dump("", services.merging(["PGSERVICE": "shop"]) { $1 }).status == 0)
        // What the configuration connects to is production, too; scratch is not.
        let backup = try shop.dump()
        let configuration = try shop.directory.write(
            """
            scratch: { directory: \(RestoredShop.scratch) }
            databases:
              - { name: shop, connection: "dbname=\(shop.database.name)", backups: { location: \(shop.directory.path), match: shop.sql }, rows: { drift: 0 } }
            """, to: "restorable.yml")
        let configured = try Restorable.run(
            ["verify", "--json", "--config", configuration],
            environment: services.merging(["PGSERVICE": "shop"]) { $1 })
        #expect(configured.status == 0, "\(backup) \(configured.outputText)")
        #expect(configured.outputText.contains(#""reference_rows":500"#))
        for (conninfo, more) in [("service=shp", [:]), ("", ["PGSERVICE": "shp"])] {
            let environment = services.merging(more) { $1 }
            let verified = try against(conninfo, environment)
            #expect(verified.status == 2)
            #expect(verified.outputText.contains(#""reason":"connection-failed""#))
            #expect(verified.outputText.contains(#"definition of service \"shp\" not found"#), "\(verified.outputText)")
            #expect(verified.outputText.contains("define the service in ~/.pg_service.conf"))
            let dumped = try dump(conninfo, environment)
            #expect(dumped.status == 2)
            #expect(dumped.errorText.contains(#"definition of service "shp" not found"#), "\(dumped.errorText)")
            #expect(dumped.errorText.contains("define the service in ~/.pg_service.conf"))
        }
    }

    @Test func aPasswordFileThatOthersMayReadIsNamed() throws {
        let server = shop.database.server
        try server.makePasswordRole()
        let file = try shop.directory.write("*:*:*:*:\(TestServer.password)\n", to: "passwords")
        let conninfo = server.conninfo(database: shop.database.name, user: TestServer.passwordRole)
        try Tool.run("/bin/chmod", ["600", file])
        #expect(try against(conninfo + " passfile=\(file)").status != 70)
        #expect(!(try against(conninfo + " passfile=\(file)")).outputText.contains("authentication-failed"))
        #expect(try dump(conninfo + " passfile=\(file)").status == 0)

        try Tool.run("/bin/chmod", ["644", file])
        let missing = shop.directory.file("nowhere")
        for (path, hint) in [(file, "chmod 600 \(file)"), (missing, "check passfile= or PGPASSFILE")] {
            for (text, environment) in [("\(conninfo) passfile=\(path)", [:]), (conninfo, ["PGPASSFILE": path])] {
                let verified = try against(text, environment)
                #expect(verified.status == 2)
                #expect(verified.outputText.contains(#""reason":"authentication-failed""#))
                #expect(verified.outputText.contains(hint), "\(verified.outputText)")
                let dumped = try dump(text, environment)
                #expect(dumped.status == 2)
                #expect(dumped.errorText.contains(hint), "\(dumped.errorText)")
                #expect(!(verified.outputText + dumped.errorText).contains(TestServer.password))
            }
        }
    }

    /// Production that is down says nothing of the backup, and keeps nothing of what is known of it from being told.
    @Test func aServerThatIsDownLeavesTheRestTold() throws {
        #expect(try against(shop.database.conninfo).status == 0)
        let manifest = shop.directory.file("shop.sql.gz")
        #expect(try Restorable.run(["dump", shop.database.conninfo, manifest]).status == 0)
        let port = try FreePort.find()
        for place in ["host=\(shop.directory.path)", "host=127.0.0.1 port=\(port)"] {
            let conninfo = "\(place) user=\(TestServer.superuser) dbname=shop"
            let plain = try against(conninfo)
            let proved = try RestoredShop.verify(["--json", "--against", conninfo, manifest])
            for result in [plain, proved] {
                let text = result.outputText
                #expect(result.status == 2)
                #expect(text.contains(#""verdict":"inconclusive","reason":"connection-failed""#))
                #expect(text.contains("can't connect to"))
                #expect(text.contains("check that the server runs and that host, port and firewall are right"))
                #expect(text.contains(#""proved_through":"restore""#))
                #expect(text.firstMatch(of: /"sha256":"[0-9a-f]{64}"/) != nil)
                #expect(text.firstMatch(of: /"restore":\{"seconds":/) != nil, "\(text)")
                #expect(text.contains(#"{"name":"public.orders","dump_rows":500,"restored_rows":500"#), "\(text)")
            }
            // What the manifest says was asked as well.
            for name in ["schema", "schema-live", "rows-manifest", "rows-live"] {
                #expect(proved.outputText.contains(#""name":"\#(name)""#), "\(name): \(proved.outputText)")
            }
        }
    }

    /// Rows that are missing fail the backup whether production is up or not.
    @Test func aServerThatIsDownHidesNoDamage() throws {
        let conninfo = "host=\(shop.directory.path) user=\(TestServer.superuser) dbname=shop"
        let end = "--\n-- PostgreSQL database dump complete"
        let text = try TestFile.text(backup).replacing(end, with: "DELETE FROM public.orders WHERE id = 7;\n\n\(end)")
        let damaged = try shop.directory.write(text, to: "damaged.sql")
        for arguments in [[], ["--against", conninfo]] {
            let result = try RestoredShop.verify(["--json", damaged] + arguments)
            #expect(result.status == 1, "\(result.outputText)")
            #expect(result.outputText.contains(#""verdict":"failed","reason":"rows-differ""#))
        }
    }

    /// What was asked besides is asked of the restored copy, which is there.
    @Test func aServerThatIsDownKeepsNoQueryFromBeingAsked() throws {
        let conninfo = "host=\(shop.directory.path) user=\(TestServer.superuser) dbname=shop"
        let result = try RestoredShop.verify([
            "--json", "--against", conninfo, "--query", "none=SELECT count(*) = 0 FROM orders", backup,
        ])
        #expect(result.status == 1)
        #expect(result.outputText.contains(#""reason":"query-false""#))
    }
}
