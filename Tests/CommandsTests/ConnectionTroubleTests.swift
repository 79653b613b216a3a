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
        try shop.database.run("GRANT pg_read_all_data TO \(TestServer.passwordRole)")
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
}
