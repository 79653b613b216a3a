import TestSupport
import Testing

/// Plain SQL with statements that pg_dump does not write.
@Suite struct ForeignStatementsTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func verify(_ more: String) throws -> ToolResult {
        let path = try directory.write(
            """
            --
            -- PostgreSQL database dump
            --
            -- Dumped from database version 15.18
            -- Dumped by pg_dump version 15.18
            CREATE TABLE public.a (i integer);
            COPY public.a (i) FROM stdin;
            1
            2
            \\.
            \(more)
            --
            -- PostgreSQL database dump complete
            --

            """, to: "foreign.sql")
        return try RestoredShop.verify(["--json", path])
    }

    @Test func rowsOfAQueryAreNotHeldAgainstTheRestore() throws {
        #expect(try verify("").status == 0)
        for query in ["SELECT 3 WHERE false", "SELECT 3"] {
            let result = try verify("INSERT INTO public.a \(query);")
            #expect(result.status == 2)
            #expect(result.outputText.contains(#""name":"rows","verdict":"inconclusive","reason":"unknown-format""#))
            #expect(!result.outputText.contains("no tables"))
        }
    }
}
