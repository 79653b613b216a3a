import TestSupport
import Testing

/// Tables that an extension fills itself when it is created, as PostGIS fills `spatial_ref_sys`.
@Suite(.serialized) struct ExtensionTableTests {
    private let directory: TemporaryDirectory
    private let installation: TestInstallation
    private let database: TestDatabase
    /// Templates of servers from installations that are gone would be of no use to other tests.
    private let scratch: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        scratch = try TemporaryDirectory()
        installation = try TestInstallation.extended(
            in: directory, with: "cfg",
            script: """
                CREATE TABLE ref (id integer PRIMARY KEY, own boolean NOT NULL DEFAULT false);
                INSERT INTO ref SELECT n FROM generate_series(1, 50) n;
                SELECT pg_catalog.pg_extension_config_dump('ref', 'WHERE own');
                """)
        database = try TestServer(installation).createDatabase()
        try database.run("CREATE EXTENSION cfg; CREATE TABLE t AS SELECT 1 AS n")
    }

    private func verify(_ path: String) throws -> ToolResult {
        try RestoredShop.verify(["--postgresql-bin", installation.bin, path], scratch: scratch.path)
    }

    @Test(arguments: [[], ["-Fc"]])
    func rowsOfTheExtensionAreNoDifference(_ format: [String]) throws {
        let empty = try verify(try database.dump(format, to: directory.file("empty")))
        #expect(empty.status == 0, "\(empty.outputText)")
        try database.run("INSERT INTO ref VALUES (100, true)")
        let one = try verify(try database.dump(format, to: directory.file("one")))
        #expect(one.status == 0, "\(one.outputText)")
        #expect(
            one.outputText.contains("as many as in the dump and its extensions, which made 50"), "\(one.outputText)")
    }

    @Test func aManifestKnowsOnlyTheOthers() throws {
        try database.run("INSERT INTO ref VALUES (100, true)")
        let path = directory.file("shop.dump")
        let dumped = try Restorable.run(
            ["dump", "--postgresql-bin", installation.bin, database.conninfo, path])
        #expect(dumped.status == 0, "\(dumped.errorText)")
        let result = try verify(path)
        #expect(result.status == 0, "\(result.outputText)")
    }

    /// What the extension adds does not hide what the dump lost.
    @Test func rowsOfTheDumpThatAreGoneFail() throws {
        try database.run("INSERT INTO ref VALUES (100, true), (101, true)")
        let path = try database.dump(to: directory.file("good.sql"))
        #expect(try verify(path).status == 0)
        let text = try TestFile.text(path) + "\nDELETE FROM public.ref WHERE id = 100;\n"
        let result = try verify(try directory.write(text, to: "lost.sql"))
        #expect(result.status != 0, "\(result.outputText)")
        #expect(result.outputText.contains("public.ref: 52 in the dump and its extension, 51 restored"))
    }
}
