import Backups
import PostgreSQL
import TestSupport
import Testing

/// The whole way: dumped with a manifest, restored, held against it.
@Suite struct ManifestProofTests {
    @Test(arguments: [15, 18]) func restoreEqualsItsManifestUntilItIsChanged(major: Int) async throws {
        let database = try SchemaRoundTripTests.makeCorpus(on: try TestServer.shared())
        try database.run(
            "ALTER SUBSCRIPTION sub DISABLE; ALTER SUBSCRIPTION sub SET (slot_name = NONE); DROP SUBSCRIPTION sub")
        let directory = try TemporaryDirectory()
        let request = try DumpJobTests.request(database, in: directory, checksums: true)
        let outcome = try await onOwnThread {
            try DumpJob(request, environment: [:], cancellation: Cancellation()).run()
        }
        let server = try TestServer.shared(major: major)
        try server.maintenance.run(CatalogCorpus.rolesSQL)
        try Tool.shell("zcat \"$1\" >\"$2\"", [outcome.path, directory.file("plain.sql")])
        let changes: [(sql: String, failing: Set<String>, tables: [String])] = [
            ("SELECT 1", [], []),
            ("DROP INDEX shop.part_u", ["schema"], []),
            ("SELECT nextval('shop.s')", ["sequences"], []),
            ("UPDATE shop.a SET note = 'other' WHERE id = 1", ["checksums"], ["shop.a"]),
            ("INSERT INTO shop.part VALUES (3, 'more')", ["rows-manifest", "checksums"], ["shop.part1"]),
            (
                #"""
                CREATE TABLE public."a on b.c ""d""" (x integer);
                CREATE VIEW public.looks AS SELECT 1 AS one;
                UPDATE shop.a SET note = 'other' WHERE id = 1;
                ALTER TABLE shop.a ADD CONSTRAINT "new on public.looks" CHECK (id > -5)
                """#, ["schema", "checksums"], ["public.\"a on b.c \"\"d\"\"\"", "shop.a"]
            ),
        ]
        for change in changes {
            let copy = try server.createDatabase()
            #expect(try copy.restoreWithPsql(directory.file("plain.sql")).status == 0)
            try copy.run(change.sql)
            let proof = ManifestProof(outcome.manifest)
            let count = try RowCounterTests.count(copy, checksums: proof.wantsChecksums)
            var (checks, tables) = try proof.schemaChecks(try CatalogSnapshot.read(try copy.connect()))
            tables.formUnion(proof.differingContent(count))
            checks += RowParity(
                dump: outcome.manifest.rows, restored: count.rows, families: count.families,
                reference: .manifest(outcome.manifest)
            ).compare().checks.filter { $0.name == "rows-manifest" }
            checks += try [#require(proof.checksumCheck(count))]
            #expect(checks.count == 4)
            let failed = Set(checks.filter { $0.verdict == .failed }.map(\.name))
            #expect(failed == change.failing, "\(change.sql): \(checks)")
            #expect(checks.allSatisfy { $0.verdict != .inconclusive })
            #expect(tables.map(\.description).sorted() == change.tables, "\(change.sql)")
        }
    }
}
