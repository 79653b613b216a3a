import TestSupport
import Testing

/// Pages that are gone as if they had never been: zeros carry no checksum, and a file that is shorter is a smaller table. Nothing but
/// the indexes knows that there was more.
@Suite struct LostPagesTests {
    private static let found = #""name":"indexes","verdict":"failed""#

    /// A shop whose base backup has a manifest that knows neither checksums nor, with `--no-manifest`, sizes.
    private static func production(_ manifest: String, settled: Bool = true) throws -> ArchivedProduction {
        let production = try ArchivedProduction(
            settings: ["autovacuum": "off"], cluster: ["--data-checksums"], backup: [manifest],
            prepare: """
                SET synchronous_commit = on;
                CREATE TABLE wide AS SELECT g AS id, repeat('x', 1000) AS what FROM generate_series(1, 2000) g;
                ALTER TABLE wide ADD PRIMARY KEY (id);
                \(settled ? "VACUUM (FREEZE, ANALYZE) wide;" : "")
                """)
        try production.server.archiveAll()
        return production
    }

    /// As sparse copies, holes of a file system and `fsck` leave them.
    @Test func aPageOfZerosIsMissed() throws {
        let production = try Self.production("--manifest-checksums=NONE")
        let whole = try production.drill()
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(
            whole.outputText.contains("the indexes of 2 tables and of the catalogs know as many rows as these hold"))
        let file = try production.shop.query("SELECT pg_relation_filepath('wide')")
        try Tool.shell(
            "dd if=/dev/zero of=\"$1\" bs=8192 seek=3 count=2 conv=notrunc 2>/dev/null", ["\(production.base)/\(file)"])
        let drill = try production.drill(["--json"])
        #expect(drill.status == 1, "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains(Self.found) && drill.outputText.contains(#""reason":"rows-differ""#))
        #expect(
            drill.outputText.contains("shop/public.wide holds 1,986 rows, and its index knows 2,000"),
            "\(drill.outputText)")
        // What others look at is in order.
        for name in ["rows", "amcheck", "pages"] {
            #expect(drill.outputText.contains(#""name":"\#(name)","verdict":"verified""#), "\(drill.outputText)")
        }
    }

    /// The end of a table, as where a tool loses its second gigabyte. With and without pages that are marked as seen by everybody.
    @Test(arguments: [true, false]) func anEndThatIsGoneIsMissed(settled: Bool) throws {
        let production = try Self.production("--no-manifest", settled: settled)
        let whole = try production.drill(["--json"])
        #expect(whole.status == 2 && whole.outputText.contains(#""reason":"no-manifest""#), "\(whole.outputText)")
        #expect(whole.outputText.contains(#""name":"indexes","verdict":"verified""#), "\(whole.outputText)")
        let file = try production.shop.query("SELECT pg_relation_filepath('wide')")
        try Tool.shell("truncate --size=$((8192 * 100)) \"$1\"", ["\(production.base)/\(file)"])
        let drill = try production.drill(["--json"])
        #expect(drill.status == 1 && drill.outputText.contains(Self.found), "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains(#""name":"rows","verdict":"verified""#), "\(drill.outputText)")
    }

    /// Every file of it gone is no empty table.
    @Test func aTableWithoutItsFileIsDamage() throws {
        let production = try Self.production("--no-manifest")
        let file = try production.shop.query("SELECT pg_relation_filepath('wide')")
        try Tool.run("/bin/rm", ["\(production.base)/\(file)"])
        let drill = try production.drill(["--json", "--skip-amcheck"])
        #expect(drill.status == 1, "\(drill.outputText)\(drill.errorText)")
        #expect(
            drill.outputText.contains(#""name":"rows","verdict":"failed","reason":"corrupt""#), "\(drill.outputText)")
    }

    /// As a bug of `CREATE INDEX CONCURRENTLY` once left them.
    @Test func anIndexThatLacksRowsIsBroken() throws {
        let production = try Self.production("--manifest-checksums=SHA256")
        #expect(try production.verify().status == 0)
        try production.shop.run(
            """
            UPDATE pg_index SET indisready = false WHERE indexrelid = 'wide_pkey'::regclass;
            INSERT INTO wide VALUES (5000, 'nobody finds it');
            UPDATE pg_index SET indisready = true WHERE indexrelid = 'wide_pkey'::regclass;
            """)
        let later = production.directory.file("later")
        try production.server.baseBackup([], to: later)
        let broken = try production.verify(base: later)
        #expect(broken.status == 1, "\(broken.outputText)\(broken.errorText)")
        #expect(broken.outputText.contains(Self.found) && broken.outputText.contains(#""reason":"corrupt""#))
        #expect(broken.outputText.contains("holds 2,001 rows, and its index knows 2,000"), "\(broken.outputText)")
        #expect(try production.verify(["--skip-amcheck"], base: later).status == 0)
    }
}
