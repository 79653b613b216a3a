import Glibc
import TestSupport
import Testing

/// The rehearsal of docs/rehearsals/corrupted-database.md: production's disk damages a page, and nobody notices.
@Suite struct DrillCorruptionTests {
    /// Overwrites a few bytes in the middle of a page of a relation, on the disk, below the server's own cache.
    private static func damage(_ relation: String, of production: ArchivedProduction, page: Int) throws {
        let data = try production.shop.query("SHOW data_directory")
        let file = try production.shop.query("SELECT pg_relation_filepath('\(relation)')")
        try Tool.shell(
            "printf 'xxxxxxxxxxxxxxxx' | dd of=\"$1\" bs=1 seek=\(page * 8192 + 4096) conv=notrunc 2>/dev/null",
            ["\(data)/\(file)"])
    }

    private static let whole = [
        "--rpo", "1h", "--rto", "1h", "--query", "SELECT count(*) = 2000 FROM ledger", "--query",
        "SELECT count(*) = 5 FROM orders",
    ]

    @Test(arguments: [15, 18]) func theOlderBackupAndTheArchiveBringBackWhatTheNewerOneLost(major: Int) throws {
        let production = try ArchivedProduction(
            major: major, settings: ["autovacuum": "off"], cluster: ["--data-checksums"],
            prepare: """
                CREATE TABLE ledger AS SELECT g AS id, repeat('x', 100) AS what FROM generate_series(1, 2000) g;
                ALTER TABLE ledger ADD PRIMARY KEY (id);
                VACUUM (FREEZE, ANALYZE) ledger;
                """)
        try production.shop.run("INSERT INTO orders (id, what) VALUES (4, 'before the damage')")
        try production.server.archiveAll()
        let before = production.directory.file("before")
        try production.server.baseBackup([], to: before)

        // On the disk alone: the server has the page in memory, and goes on.
        try Self.damage("ledger_pkey", of: production, page: 1)
        #expect(try production.shop.query("SELECT count(*), sum(id) FROM ledger") == "2000|2001000")
        try production.shop.run("INSERT INTO orders (id, what) VALUES (5, 'after the damage')")
        try production.server.archiveAll()
        // pg_basebackup looks at checksums, and says so. Who copies files or snapshots volumes does not.
        let seen = try Tool.attempt(
            production.server.server.installation.tool("pg_basebackup"),
            ["-D", production.directory.file("seen"), "--checkpoint=fast", "-d", production.server.server.conninfo()])
        #expect(seen.status == 1 && seen.errorText.contains("checksum"), "\(seen.errorText)")
        let index = production.directory.file("index")
        try production.server.baseBackup(["--no-verify-checksums"], to: index)
        try Self.damage("ledger", of: production, page: 2)
        let table = production.directory.file("table")
        try production.server.baseBackup(["--no-verify-checksums"], to: table)
        try production.server.archiveAll()

        // Its manifest holds: it was written from what was damaged already.
        let structure = try production.drill(["--json"], base: index)
        #expect(structure.status == 1, "\(structure.outputText)\(structure.errorText)")
        #expect(structure.outputText.contains("its own checksum holds"))
        #expect(structure.outputText.contains(#""name":"amcheck","verdict":"failed","reason":"corrupt""#))
        let pages = try production.drill(["--json", "--skip-amcheck"], base: index)
        #expect(pages.status == 1, "\(pages.outputText)\(pages.errorText)")
        #expect(pages.outputText.contains(#""name":"pages","verdict":"failed","reason":"checksum-mismatch""#))
        let rows = try production.drill(["--json"], base: table)
        #expect(rows.status == 1, "\(rows.outputText)\(rows.errorText)")
        #expect(rows.outputText.contains("invalid page in block 2"))

        // The log does not hold the damage: what the older ones lack is replayed, what was written after it included.
        for base in [production.base, before] {
            let drill = try production.drill(Self.whole, base: base)
            #expect(drill.status == 0, "\(drill.outputText)\(drill.errorText)")
            #expect(drill.outputText.contains("pages have the checksum that they carry"))
            #expect(drill.outputText.contains("pg_amcheck found every table and B-tree index in order"))
        }
        #expect(try production.leftovers() == [])
    }
}
