import TestSupport
import Testing

/// `--table` and `--schema` of the archives, which pg_restore restores: with all that the selection needs.
@Suite(.serialized) struct ArchiveSelectionTests {
    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
        try shop.database.run(
            """
            CREATE SCHEMA ext; CREATE EXTENSION hstore WITH SCHEMA ext; CREATE EXTENSION pg_trgm WITH SCHEMA public;
            CREATE TYPE public.mood AS ENUM ('good', 'bad');
            CREATE SCHEMA sales;
            CREATE FUNCTION public.passes(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
            CREATE TABLE sales.items (
                id serial PRIMARY KEY, name text, marks ext.hstore, mood public.mood,
                user_id integer REFERENCES public.users);
            CREATE INDEX items_name ON sales.items USING gin (name public.gin_trgm_ops);
            INSERT INTO sales.items (name, marks, mood, user_id)
                SELECT 'item ' || n, 'a=>1', 'good', n FROM generate_series(1, 30) n;
            CREATE TABLE sales.events (at date NOT NULL, n integer) PARTITION BY RANGE (at);
            CREATE TABLE sales.events_1 PARTITION OF sales.events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
            CREATE TABLE sales.events_2 PARTITION OF sales.events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
            INSERT INTO sales.events SELECT '2026-01-01'::date + n, n FROM generate_series(0, 40) n;
            CREATE TABLE sales.checked (n integer CHECK (public.passes(n)));
            INSERT INTO sales.checked VALUES (1), (2);
            """)
    }

    private func verify(_ format: String, _ selection: [String]) throws -> ToolResult {
        let path = shop.directory.file("shop\(format)-\(UInt64.random(in: .min ... .max))")
        try shop.database.dump([format], to: path)
        return try RestoredShop.verify(["--json"] + selection + [path])
    }

    private static func expectRows(_ result: ToolResult, _ name: String, _ rows: Int) {
        let expected = #"{"name":"\#(name)","dump_rows":\#(rows),"restored_rows":\#(rows),"#
        #expect(result.outputText.contains(expected), "\(name): \(result.outputText)")
    }

    @Test(arguments: ["-Fc", "-Fd", "-Ft", "-Fp"])
    func aSchemaComesBackWithWhatItNeeds(format: String) throws {
        let result = try verify(
            format,
            [
                "--schema", "sales", "--query",
                "whole=SELECT count(*) = 2 FROM pg_class WHERE relname IN ('items_pkey', 'items_name')",
            ])
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""verdict":"inconclusive","reason":"selection-only""#))
        #expect(result.outputText.contains(#"{"name":"rows","verdict":"verified""#), "\(result.outputText)")
        #expect(result.outputText.contains(#"{"name":"query:whole","verdict":"verified""#), "\(result.outputText)")
        #expect(result.outputText.contains("73 rows in "), "\(result.outputText)")
        Self.expectRows(result, "sales.items", 30)
        Self.expectRows(result, "sales.checked", 2)
        #expect(!result.outputText.contains(#"{"name":"public.users""#))
    }

    @Test(arguments: ["-Fc", "-Fd", "-Ft", "-Fp"])
    func aTableComesBackWithItsPartitionsIndexesAndExtensions(format: String) throws {
        let events = try verify(format, ["--table", "sales.events"])
        #expect(events.status == 2)
        #expect(events.outputText.contains(#"{"name":"rows","verdict":"verified""#), "\(events.outputText)")
        #expect(events.outputText.contains("41 rows in "), "\(events.outputText)")
        let items = try verify(
            format,
            [
                "--table", "sales.items", "--table", "public.users", "--query",
                "whole=SELECT count(*) = 3 FROM pg_constraint WHERE conrelid = 'sales.items'::regclass "
                    + "OR conrelid = 'public.users'::regclass",
                "--query", "next=SELECT last_value = 30 FROM sales.items_id_seq",
            ])
        #expect(items.outputText.contains(#"{"name":"rows","verdict":"verified""#), "\(items.outputText)")
        #expect(items.outputText.contains(#"{"name":"query:whole","verdict":"verified""#), "\(items.outputText)")
        #expect(items.outputText.contains(#"{"name":"query:next","verdict":"verified""#), "\(items.outputText)")
        Self.expectRows(items, "sales.items", 30)
        Self.expectRows(items, "public.users", 50)
        #expect(!items.outputText.contains(#"{"name":"public.orders""#))
    }

    /// The check of one table refuses its rows since its function was changed: pg_dump says nothing of it.
    @Test(arguments: ["-Fc", "-Fd", "-Ft", "-Fp"])
    func onlyTheSelectionIsJudged(format: String) throws {
        #expect(try verify(format, ["--table", "sales.checked"]).status == 2)
        try shop.database.run(
            "CREATE OR REPLACE FUNCTION public.passes(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n < 2'"
        )
        let faulty = try verify(format, ["--table", "sales.checked"])
        #expect(faulty.status == 1, "\(faulty.outputText)")
        #expect(faulty.outputText.contains(#""reason":"constraint-violated""#), "\(faulty.outputText)")
        #expect(try verify(format, ["--table", "sales.items"]).status == 2)
    }

    @Test(arguments: ["-Fc", "-Fp"])
    func aNameThatIsNotThereIsToldFromOneThatIs(format: String) throws {
        let good = try verify(format, ["--table", "users", "--schema", "sales"])
        #expect(!good.outputText.contains("did you mean"))
        Self.expectRows(good, "public.users", 50)
        Self.expectRows(good, "sales.items", 30)
        for (selection, name, hint) in [
            (["--table", "user"], "table public.user", "did you mean public.users?"),
            (["--table", "items"], "table public.items", "did you mean sales.items?"),
            (["--schema", "sale"], "schema sale", "did you mean sales?"),
        ] {
            let result = try verify(format, selection)
            #expect(result.status == 2)
            #expect(result.outputText.contains("the backup holds no table"), "\(result.outputText)")
            #expect(result.outputText.contains(name), "\(result.outputText)")
            #expect(result.outputText.contains(#""hint":"\#(hint)""#), "\(result.outputText)")
        }
    }
}
