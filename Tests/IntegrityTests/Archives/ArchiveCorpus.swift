import TestSupport

/// A small database with what matters to archives: every kind of table, odd names, large objects, grants.
enum ArchiveCorpus {
    /// One for each major version, shared by the tests of this process.
    static func database(_ major: Int) throws -> TestDatabase {
        try (major == 15 ? fifteen : eighteen).get()
    }

    private static let fifteen = Result { try make(15) }
    private static let eighteen = Result { try make(18) }

    private static func make(_ major: Int) throws -> TestDatabase {
        let server = try TestServer.shared(major: major)
        try server.maintenance.run(
            "DO $$ BEGIN CREATE ROLE arc_alice; CREATE ROLE \"arc Bob \"\"the\"\" B\"; "
                + "EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        let database = try server.createDatabase()
        try database.run(tables)
        try database.run(others)
        return database
    }

    private static let tables = """
        CREATE SCHEMA shop;
        CREATE SCHEMA "We""ird s.chema";
        CREATE TYPE shop.mood AS ENUM ('sad', 'ok');
        CREATE TABLE shop.customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, m shop.mood);
        INSERT INTO shop.customers (name, m)
            SELECT 'name ' || i || E'\\t\\\\ back\\nnew', 'ok' FROM generate_series(1, 700) i;
        CREATE TABLE shop.orders (id serial PRIMARY KEY, customer bigint REFERENCES shop.customers, doc bytea, note text);
        INSERT INTO shop.orders (customer, doc, note) SELECT 1 + i % 700, decode(md5(i::text), 'hex'),
            CASE WHEN i % 7 = 0 THEN NULL WHEN i % 5 = 0 THEN '\\.' ELSE repeat('x;''', i % 40) END
            FROM generate_series(1, 2500) i;
        CREATE TABLE "We""ird s.chema"."ta
        ble ünï" ("col ""q"" ;" int, "b.c" text);
        INSERT INTO "We""ird s.chema"."ta
        ble ünï" SELECT i, E'line1\\r\\nline2;''-- (' FROM generate_series(1, 17) i;
        CREATE TABLE shop.events (id int, at date NOT NULL) PARTITION BY RANGE (at);
        CREATE TABLE shop.events_1 PARTITION OF shop.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TABLE shop.events_2 PARTITION OF shop.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
            PARTITION BY RANGE (id);
        CREATE TABLE shop.events_2_a PARTITION OF shop.events_2 FOR VALUES FROM (0) TO (1000);
        INSERT INTO shop.events SELECT i, date '2024-06-01' + i FROM generate_series(0, 300) i;
        CREATE TABLE shop.parent (a int);
        CREATE TABLE shop.child (b int) INHERITS (shop.parent);
        INSERT INTO shop.parent SELECT generate_series(1, 3);
        INSERT INTO shop.child SELECT i, i FROM generate_series(1, 4) i;
        CREATE TABLE shop.empty (a int, b text);
        CREATE TABLE shop.nocolumns ();
        INSERT INTO shop.nocolumns DEFAULT VALUES;
        INSERT INTO shop.nocolumns DEFAULT VALUES;
        CREATE TABLE shop.generated (a int, b int GENERATED ALWAYS AS (a * 2) STORED);
        INSERT INTO shop.generated SELECT generate_series(1, 9);
        CREATE UNLOGGED TABLE shop.unlogged (a text);
        INSERT INTO shop.unlogged VALUES (repeat('long ', 100000));
        """

    private static let others = """
        CREATE VIEW shop.v AS SELECT * FROM shop.customers;
        CREATE MATERIALIZED VIEW shop.mv AS SELECT count(*) FROM shop.orders;
        CREATE SEQUENCE shop.seq;
        SELECT nextval('shop.seq');
        CREATE FUNCTION shop.f(a int, b text DEFAULT 'x;y') RETURNS int LANGUAGE plpgsql
            AS $$ BEGIN RETURN a; END $$;
        CREATE FUNCTION shop.g(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a + 1; SELECT 2; END;
        CREATE INDEX ON shop.orders (customer);
        GRANT SELECT ON shop.customers TO arc_alice;
        GRANT ALL ON SCHEMA shop TO "arc Bob ""the"" B" WITH GRANT OPTION;
        ALTER TABLE shop.orders OWNER TO "arc Bob ""the"" B";
        ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO arc_alice;
        CREATE POLICY p ON shop.customers FOR SELECT TO arc_alice USING (name <> 'TO x');
        ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY;
        COMMENT ON TABLE shop.orders IS 'orders''; drop -- x';
        COMMENT ON COLUMN shop.orders.note IS E'two\\nlines';
        CREATE PUBLICATION pub FOR TABLE shop.orders;
        SELECT lo_from_bytea(0, decode(repeat('00ff5c2e0a', i * 1000), 'hex')) FROM generate_series(1, 5) i;
        SELECT lo_create(0);
        CREATE FOREIGN DATA WRAPPER dummy;
        CREATE SERVER srv FOREIGN DATA WRAPPER dummy;
        CREATE FOREIGN TABLE shop.remote (a int) SERVER srv;
        CREATE USER MAPPING FOR arc_alice SERVER srv OPTIONS (password 'x');
        CREATE RULE r AS ON UPDATE TO shop.empty DO INSTEAD NOTHING;
        CREATE TEXT SEARCH CONFIGURATION shop.ts (COPY = simple);
        """

    /// Rows of every ordinary table alone, as the server counts them.
    static func rows(of database: TestDatabase) throws -> [String: UInt64] {
        let query = try database.query(
            """
            SELECT string_agg(format('SELECT %L, %L, (SELECT count(*) FROM ONLY %I.%I)',
                encode(convert_to(n.nspname, 'UTF8'), 'hex'), encode(convert_to(c.relname, 'UTF8'), 'hex'),
                n.nspname, c.relname), ' UNION ALL ')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema)'
            """)
        let list = try database.query(query)
        var rows: [String: UInt64] = [:]
        for line in list.split(separator: "\n") {
            let parts = line.split(separator: "|")
            rows["\(text(parts[0])).\(text(parts[1]))"] = UInt64(parts[2])
        }
        return rows
    }

    private static func text(_ hexadecimal: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = hexadecimal
        while !rest.isEmpty {
            bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
