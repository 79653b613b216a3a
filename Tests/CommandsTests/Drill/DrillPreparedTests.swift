import TestSupport
import Testing

/// Transactions that were prepared in production come back with their locks, and nobody is there who lets go of them.
@Suite struct DrillPreparedTests {
    @Test(arguments: [15, 18]) func aTableThatAPreparedTransactionHoldsIsToldAndAllElseIsProved(major: Int) throws {
        let production = try ArchivedProduction(
            major: major, settings: ["max_prepared_transactions": "4"], cluster: ["--data-checksums"],
            prepare: """
                CREATE TABLE parts (id int PRIMARY KEY, what text);
                INSERT INTO parts SELECT g, repeat('x', 5000) FROM generate_series(1, 500) g;
                """)
        try production.shop.run("BEGIN; INSERT INTO orders (id, what) VALUES (9, 'i'); PREPARE TRANSACTION 'order 9'")
        try production.server.archiveAll()
        // One that only writes keeps nobody from reading.
        let whole = try production.drill(["--query", "SELECT count(*) = 500 FROM parts"])
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")
        #expect(whole.outputText.contains("pg_amcheck found every table and B-tree index in order\n"))

        try production.shop.run(
            "ROLLBACK PREPARED 'order 9'; BEGIN; ALTER TABLE orders ADD COLUMN note text; PREPARE TRANSACTION 'it''s new'"
        )
        try production.server.archiveAll()
        let locked = try production.drill([
            "--json", "--query", "SELECT count(*) = 500 FROM parts", "--query", "SELECT count(*) = 3 FROM orders",
        ])
        #expect(locked.status == 2, "\(locked.outputText)\(locked.errorText)")
        #expect(locked.outputText.contains(#""reason":"lock-timeout""#))
        #expect(locked.outputText.contains("shop/public.orders can't be read: a transaction that was prepared"))
        #expect(locked.outputText.contains("it's new"))
        #expect(locked.outputText.contains("decide on it in production"))
        #expect(locked.outputText.contains("1 is true") && !locked.outputText.contains("2 is true"))
        #expect(locked.outputText.contains("in order that no prepared transaction holds"))
        #expect(locked.outputText.contains("pages have the checksum that they carry"))
        #expect(locked.outputText.contains(#""name":"shop/public.parts""#), "\(locked.outputText)")

        try production.shop.run("ROLLBACK PREPARED 'it''s new'")
        try production.server.archiveAll()
        let free = try production.drill(["--query", "SELECT count(*) = 3 FROM orders"])
        #expect(free.status == 0, "\(free.outputText)\(free.errorText)")
        #expect(try production.leftovers() == [])
    }

    /// TRUNCATE takes the table's long values and indexes with it.
    @Test func aTruncationThatWasPreparedHoldsAllThatIsTheTables() throws {
        let production = try ArchivedProduction(
            settings: ["max_prepared_transactions": "4"], prepare: "CREATE INDEX by_what ON orders (what);")
        try production.server.archiveAll()
        #expect(try production.drill().status == 0)
        try production.shop.run("BEGIN; TRUNCATE orders; PREPARE TRANSACTION 'emptied'")
        try production.server.archiveAll()
        let locked = try production.drill(["--json"])
        #expect(locked.status == 2, "\(locked.outputText)\(locked.errorText)")
        // Its only table: nothing is said of an empty cluster.
        #expect(!locked.outputText.contains(#""reason":"empty""#), "\(locked.outputText)")
        #expect(!locked.outputText.contains("could not be looked at"), "\(locked.outputText)")
        #expect(locked.outputText.contains("emptied"))
    }
}
