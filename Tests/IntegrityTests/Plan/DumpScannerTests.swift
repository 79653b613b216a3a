import Backups
import Integrity
import Testing

@Suite struct DumpScannerTests {
    @Test func readsAnIntactDump() throws {
        let text = framed(
            #"""
            CREATE TABLE public.orders (
                id integer
            );
            ALTER TABLE public.orders OWNER TO "Bob ""X""";
            CREATE TABLE public.unused ();
            COPY public.orders (id) FROM stdin;
            1
            \N
            \\.
            4
            \.
            ALTER TABLE ONLY public.orders
                ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
            """#)
        let result = try scan(text)
        let orders = TableName(schema: "public", name: "orders")
        #expect(result.contents.rows == [orders: 4, TableName(schema: "public", name: "unused"): 0])
        #expect(result.contents.header.serverMajor == 15)
        #expect(result.contents.header.clientEncoding == "UTF8")
        #expect(result.contents.roles == ["Bob \"X\""])
        #expect(result.contents.hasSchema && result.contents.hasData && !result.contents.underRowSecurity)
        #expect(result.checks.map(\.verdict) == [.verified, .verified])
        let copy = try #require(
            result.plan.entries.compactMap { entry -> CopyBlock? in
                if case .copy(let block) = entry.kind { block } else { nil }
            }.first)
        let data = Array(text.utf8)[Int(copy.dataOffset)..<Int(copy.dataOffset + copy.dataLength)]
        #expect(String(decoding: data, as: UTF8.self) == "1\n\\N\n\\\\.\n4\n")
        #expect(copy.rows == 4)
        let last = try #require(result.plan.entries.dropLast().last)
        #expect(last.kind == .statement(.addConstraint(orders, name: "orders_pkey")))
        #expect(result.plan.contexts[last.context].statements.count == 3)
    }

    @Test(arguments: [1, 2, 3, 5, 7, 64, 4096])
    func doesNotDependOnTheChunks(size: Int) throws {
        for text in trickyDumps {
            let whole = try scan(text)
            let cut = try scan(text, chunk: size)
            #expect(cut.contents == whole.contents)
            #expect(describe(cut.plan) == describe(whole.plan))
            #expect(cut.checks == whole.checks)
        }
    }

    @Test func neverAcceptsACut() throws {
        let text = Array(trickyDumps[0].utf8)
        #expect(try scan(text).checks.allSatisfy { $0.verdict == .verified })
        let lastThatMatters = text.count - 2
        for end in 0..<lastThatMatters {
            do {
                let result = try scan(text[..<end])
                #expect(!result.checks.allSatisfy { $0.verdict == .verified }, "cut at \(end) of \(text.count)")
            } catch let damage as ContentDamage {
                #expect(damage.reason == .truncated || damage.reason == .emptyFile || damage.reason == .corrupt)
            }
        }
    }
}

let trickyDumps: [String] = [
    framed(
        #"""
        CREATE TABLE "we ird"."T ""q"" é
        nl" (a int, "b c" text);
        CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS $q$ select 1; $$ $q -- ' $q$;
        CREATE FUNCTION public.g(a integer) RETURNS integer LANGUAGE sql
            BEGIN ATOMIC
         SELECT CASE WHEN (a > 0) THEN 1 ELSE 2 END AS "case";
         SELECT 3;
        END;
        CREATE VIEW public.v AS SELECT 'a;''b\' AS x, E'\';' AS y, U&'\0041;' AS z /* ; /* nested ' */ ; */;
        CREATE RULE r AS ON INSERT TO public.v DO ALSO (DELETE FROM public.ul; INSERT INTO public.ul VALUES (1));
        COPY "we ird"."T ""q"" é
        nl" (a, "b c") FROM stdin;
        1\t\\.
        \N\t\N
        \.x
        2\tx\n\\.\ny
        \.
        INSERT INTO public.ul (a) VALUES (1), (2), ((3)), ('a(b;');
        INSERT INTO public.ul DEFAULT VALUES;
        SET default_tablespace = '';
        BEGIN;
        SELECT pg_catalog.lo_open('16497', 131072);
        SELECT pg_catalog.lowrite(0, '\x00');
        SELECT pg_catalog.lo_close(0);
        COMMIT;
        COMMENT ON TABLE public.ul IS 'it''s; -- a comment';
        """#),
    framed("CREATE TABLE public.a (x int);\r\nCOPY public.a (x) FROM stdin;\r\n1\r\n2\r\n\\.\r\n"),
]
