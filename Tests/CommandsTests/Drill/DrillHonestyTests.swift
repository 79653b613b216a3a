import Glibc
import TestSupport
import Testing

/// What a recovered copy must not hide, and what is not its fault.
@Suite struct DrillHonestyTests {
    /// PostgreSQL 15 names the segment and the offset of such a page, and no place in the log.
    @Test(arguments: [15, 18])
    func aBrokenPageOfTheNewestSegmentIsDamage(major: Int) throws {
        let production = try ArchivedProduction(major: major)
        try production.server.archiveAll()
        try production.shop.run(
            "INSERT INTO orders (id, what) SELECT g, repeat('x', 100) FROM generate_series(4, 400) g")
        let name = try production.server.archiveAll()
        let whole = try production.drill()
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        let archive = try production.copiedArchive("damaged")
        // The head of its second page.
        try Tool.shell(
            "printf xxxxxxxxxxxxxxxxxxxxxxxx | dd of=\"$1\" bs=1 seek=8192 conv=notrunc 2>/dev/null",
            ["\(archive)/\(name)"])
        let damaged = try production.drill(["--json"], archive: archive)
        #expect(damaged.status == 1, "\(damaged.outputText)\(damaged.errorText)")
        #expect(damaged.outputText.contains(#""reason":"corrupt""#))
        #expect(damaged.outputText.contains("copy of segment \(name)"))
    }

    @Test func aTargetBeforeTheEndOfTheBaseBackupWantsAnOlderOne() throws {
        let production = try ArchivedProduction()
        try production.server.archiveAll()
        #expect(try production.drill(["--to", "immediate"]).status == 0)
        let early = try production.drill(["--to", "lsn:0/200000", "--json"])
        #expect(early.status == 2, "\(early.outputText)\(early.errorText)")
        #expect(early.outputText.contains(#""reason":"target-not-reached""#), "\(early.outputText)")
        #expect(early.outputText.contains("Take an older base backup"))
    }

    /// Nothing was committed since: it shows at least what was there when the base backup began.
    @Test func aDrillWithoutATransactionKnowsWhatMomentItShows() throws {
        let production = try ArchivedProduction(settings: ["autovacuum": "off"])
        for _ in 0..<3000 {
            if try TestFile.names(in: production.server.archive).contains(where: { $0.hasSuffix(".backup") }) { break }
            usleep(10_000)
        }
        let drill = try production.drill(["--json"])
        #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
        #expect(drill.outputText.contains(#""data_as_of_source":"dump""#), "\(drill.outputText)")
    }

    /// What production sets for its sessions does not hide a broken page; nor does an index in which its rows can be counted.
    @Test(arguments: ["ALTER DATABASE shop SET zero_damaged_pages = on", "SELECT 1"])
    func aBrokenPageIsSeenWhateverProductionSets(setting: String) throws {
        let production = try ArchivedProduction(
            backup: ["--manifest-checksums=NONE"],
            // VACUUM marks only pages whose transactions are on the disk already.
            prepare: """
                SET synchronous_commit = on;
                CREATE TABLE wide AS SELECT g AS id, repeat('x', 1000) AS what FROM generate_series(1, 2000) g;
                ALTER TABLE wide ADD PRIMARY KEY (id);
                ALTER DATABASE shop SET default_transaction_read_only = on;
                VACUUM (FREEZE, ANALYZE) wide;
                \(setting);
                """)
        #expect(
            try production.shop.query("SELECT relallvisible = relpages FROM pg_class WHERE relname = 'wide'") == "t")
        try production.server.archiveAll()
        let whole = try production.drill()
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        let victim = "\(production.base)/\(try production.shop.query("SELECT pg_relation_filepath('wide')"))"
        try Tool.shell(
            "head -c 24 /dev/zero | tr '\\0' 'x' | dd of=\"$1\" bs=1 seek=8192 conv=notrunc 2>/dev/null", [victim])
        let broken = try production.drill(["--skip-amcheck"])
        #expect(broken.status == 1, "\(broken.outputText)\(broken.errorText)")
        #expect(broken.outputText.contains("invalid page in block 1"))
    }

    @Test func anIndexThatCannotBeLookedAtIsNotBroken() throws {
        let production = try ArchivedProduction(
            prepare: """
                CREATE FUNCTION place(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($1, $2)';
                CREATE OPERATOR CLASS places FOR TYPE int4 USING btree AS
                    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 place(int, int);
                CREATE INDEX by_place ON orders (id places);
                """)
        let whole = try production.verify()
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        try production.shop.run(
            """
            CREATE OR REPLACE FUNCTION place(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS
                'BEGIN RAISE EXCEPTION ''no library''; END'
            """)
        let later = production.directory.file("later")
        try production.server.baseBackup([], to: later)
        let closed = try production.verify(base: later)
        #expect(closed.status == 2, "\(closed.outputText)\(closed.errorText)")
        #expect(closed.outputText.contains("a table or index could not be looked at: btree index"))
    }

    /// Another ICU sorts otherwise: played by a collation whose rules are changed below an index. Where its version is the same, an
    /// index out of order is broken.
    @Test func anIndexThatAnotherLibrarySortedIsNotBroken() throws {
        let production = try ArchivedProduction(
            prepare: """
                CREATE COLLATION own (provider = icu, locale = 'en');
                CREATE TABLE names (name text COLLATE own);
                INSERT INTO names VALUES ('a2'), ('a10'), ('b1'), ('A2'), ('a1');
                CREATE INDEX by_name ON names (name);
                """)
        #expect(try production.verify().status == 0)
        let database = production.shop
        for (name, version, verdict, status) in [
            ("same", "collversion", "corrupt", Int32(1)), ("other", "'0'", "version-difference", 2),
        ] {
            try database.run(
                "UPDATE pg_collation SET colliculocale = 'en-u-kn-true', collversion = \(version) WHERE collname = 'own'"
            )
            let base = production.directory.file(name)
            try production.server.baseBackup([], to: base)
            let result = try production.verify(base: base)
            #expect(result.status == status, "\(result.outputText)\(result.errorText)")
            #expect(result.outputText.contains(#""reason":"\#(verdict)""#), "\(result.outputText)")
        }
    }

    @Test func aLocaleThatIsMissingHereIsNamed() throws {
        let production = try ArchivedProduction()
        #expect(try production.verify().status == 0)
        try production.shop.run("UPDATE pg_database SET datcollate = 'xx_XX', datctype = 'xx_XX'")
        let base = production.directory.file("foreign")
        try production.server.baseBackup([], to: base)
        let result = try production.verify(base: base)
        #expect(result.status == 2, "\(result.outputText)\(result.errorText)")
        #expect(result.outputText.contains(#""reason":"locale-missing""#), "\(result.outputText)")
    }
}
