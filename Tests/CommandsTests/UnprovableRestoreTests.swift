import TestSupport
import Testing

/// What did not come back for a reason that is not the backup's is never held against its rows.
@Suite(.serialized) struct UnprovableRestoreTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
        #expect(try RestoredShop.verify([try shop.dump()]).status == 0)
    }

    @Test(arguments: [[], ["--loader", "psql"]]) func rowsWithoutTheirTablesAreInconclusive(loader: [String]) throws {
        let path = try shop.database.dump(["--data-only"], to: shop.directory.file("data.sql"))
        let result = try RestoredShop.verify(["--json", path] + loader)
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"selection-only""#))
        #expect(result.outputText.contains(#""hint":"verify a dump with the schema in it""#))
        #expect(!result.outputText.contains("rows-differ"))
    }

    @Test(arguments: [[], ["--loader", "psql"]]) func aTableOfAMissingExtensionIsInconclusive(loader: [String]) throws {
        let text = try TestFile.text(try shop.dump())
            .replacing("name text NOT NULL", with: "name public.geography NOT NULL")
            .replacing(
                "CREATE TABLE public.orders",
                with: "CREATE EXTENSION nosuchgis WITH SCHEMA public;\n\nCREATE TABLE public.orders")
        let path = try shop.directory.write(text, to: "gis.sql")
        let result = try RestoredShop.verify(["--json", path] + loader)
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"extension-missing""#))
        #expect(result.outputText.contains("or leave it out with --ignore-extension nosuchgis"))
        let without = try RestoredShop.verify(["--json", "--ignore-extension", "nosuchgis", path] + loader)
        #expect(without.status == 2)
        #expect(!without.outputText.contains("rows-differ"))
    }

    @Test func anArchiveOfRowsIsInconclusive() throws {
        let path = try shop.database.dump(["-Fc", "--data-only"], to: shop.directory.file("data.custom"))
        let result = try RestoredShop.verify(["--json", path])
        #expect(result.status == 2)
        #expect(!result.outputText.contains("rows-differ"))
    }

    @Test func rowsThatTheServerRefusesStillFail() throws {
        let text = try TestFile.text(try shop.dump()).replacing("\n7\tuser 7\n", with: "\nseven\tuser 7\n")
        let result = try RestoredShop.verify(["--json", try shop.directory.write(text, to: "broken.sql")])
        #expect(result.status == 1)
        #expect(result.outputText.contains(#""reason":"data-rejected""#))
    }

    /// The server refuses the COPY, so psql takes its rows for commands of its own and runs them.
    @Test func rowsThatPsqlRunsAsCommandsReachNothing() throws {
        let target = "/var/tmp/restorable-test-conquered"
        let text = try TestFile.text(try shop.dump())
            .replacing(
                "COPY public.users (id, name) FROM stdin;\n",
                with: "COPY public.nobody (id, name) FROM stdin;\n\\! touch \(target)\n")
        let path = try shop.directory.write(text, to: "rows.sql")
        _ = try RestoredShop.verify([path, "--loader", "psql"])
        #expect(try Tool.attempt("/usr/bin/test", ["-e", target]).status == 1)
    }
}
