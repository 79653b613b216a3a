import Backups
import Integrity
import Testing

@Suite struct DumpDamageTests {
    static let intact = framed("COPY public.a (x) FROM stdin;\n1\n2\n\\.\nSELECT 'x';")
    static let cluster = """
        --
        -- PostgreSQL database cluster dump
        --
        CREATE ROLE alice;
        \\connect one
        \(intact)
        \\connect two
        \(intact)
        --
        -- PostgreSQL database cluster dump complete
        --

        """

    static let trailer = "-- PostgreSQL database dump complete\n"

    static let damages: [(String, String, String, Reason)] = [
        ("trailer missing", intact.replacing(trailer, with: ""), "trailer", .truncated),
        ("unrestrict missing", intact.replacing("\\unrestrict abc\n", with: ""), "trailer", .truncated),
        ("unrestrict cut", String(intact.dropLast(4)), "trailer", .truncated),
        ("another key", intact.replacing("\\unrestrict abc", with: "\\unrestrict abd"), "structure", .corrupt),
        ("header missing", intact.replacing("-- PostgreSQL database dump\n", with: ""), "trailer", .corrupt),
        ("no end of data", intact.replacing("\\.\n", with: ""), "structure", .truncated),
        (
            "data without COPY", intact.replacing("COPY public.a (x) FROM stdin;\n1\n2\n", with: ""), "structure",
            .corrupt
        ),
        ("NUL in SQL", intact.replacing("SELECT 'x'", with: "SELECT '\0'"), "structure", .corrupt),
        ("NUL in data", intact.replacing("\n2\n", with: "\n\0\n"), "structure", .corrupt),
        ("open quote", intact.replacing("'x'", with: "'x"), "trailer", .truncated),
        ("open parenthesis", intact + "SELECT (1;\n", "structure", .truncated),
        ("half a statement", intact + "SELECT 1\n", "structure", .truncated),
        (
            "a warning", intact.replacing("SELECT 'x'", with: "pg_dump: warning: it isn't\nSELECT 'x'"), "structure",
            .foreignOutput
        ),
        ("a path's warning", "/usr/bin/pg_dump: error: x\n" + intact, "structure", .foreignOutput),
        ("an error at the end", intact + "pg_dump: error: query failed\n", "structure", .foreignOutput),
        ("kubectl's notice", "Defaulted container \"db\" out of: db, init\n" + intact, "structure", .foreignOutput),
        ("a page", "<html><body>404: not found</body></html>\n", "structure", .corrupt),
        ("UTF-16", "\u{fffd}-\0-\0", "structure", .corrupt),
        ("nothing", "", "content", .emptyFile),
        ("no database trailer", cluster.replacing(trailer, with: ""), "trailer", .truncated),
        (
            "first of two trailers missing", cluster.replacing(trailer, with: "", maxReplacements: 1), "trailer",
            .truncated
        ),
        (
            "cluster trailer missing",
            cluster.replacing("-- PostgreSQL database cluster dump complete\n", with: ""), "trailer", .truncated
        ),
        (
            "a database without its dump", cluster.replacing("\\connect two\n", with: "\\connect x\n\\connect two\n"),
            "trailer", .truncated
        ),
        (
            "trailers in the wrong order",
            cluster.replacing("-- PostgreSQL database cluster dump complete\n", with: "")
                .replacing("\n\\connect two", with: "\n-- PostgreSQL database cluster dump complete\n\\connect two")
                .replacing(trailer, with: "", maxReplacements: 1),
            "trailer", .truncated
        ),
    ]

    @Test func acceptsTheIntactOnes() throws {
        for text in [Self.intact, Self.cluster, Self.cluster + Self.intact, "\u{feff}" + Self.intact] {
            #expect(try scan(text).checks.map(\.verdict) == [.verified, .verified])
        }
        let contents = try scan(Self.cluster).contents
        #expect(contents.databases == ["one", "two"])
        #expect(contents.rows[TableName(database: "two", schema: "public", name: "a")] == 2)
        #expect(contents.createdRoles == ["alice"])
    }

    @Test(arguments: 0..<damages.count)
    func refuses(index: Int) throws {
        let (name, text, check, reason) = Self.damages[index]
        for chunk in [1, 3, 1 << 20] {
            let found = try damage(in: text, chunk: chunk)
            #expect(found?.check == check, "\(name)")
            #expect(found?.reason == reason, "\(name): \(found.map { "\($0)" } ?? "accepted")")
            #expect(found?.location != nil)
        }
    }

    @Test func saysWhenTheEndCannotBeProved() throws {
        let checks = try scan("CREATE TABLE a ();\n").checks
        #expect(checks.map(\.verdict) == [.verified, .inconclusive])
        #expect(checks.last?.reason == .unknownFormat)
    }

    @Test func countsWindowsLines() throws {
        let text = Self.intact.replacing("\n", with: "\r\n")
        let result = try scan(text)
        #expect(result.contents.totalRows == 2)
        #expect(result.checks.map(\.verdict) == [.verified, .verified])
        #expect(result.checks.first?.details.isEmpty == false)
        #expect(try scan(Self.intact).checks.first?.details.isEmpty == true)
    }

    @Test(arguments: [
        "COPY a FROM stdin WITH (FORMAT csv)", "COPY a FROM stdin CSV HEADER", "COPY a FROM stdin (format 'binary')",
        "COPY BINARY a FROM stdin", "COPY a (x) FROM stdin WHERE x > 1",
    ])
    func doesNotCountWhatAreNoLines(statement: String) throws {
        #expect(throws: Obstacle.self) { try scan(framed("\(statement);\n1\n\\.\n")) }
    }

    @Test(arguments: [
        "COPY a FROM stdin", "copy a(x,y) from STDIN", "COPY a (x) WITH OIDS FROM stdin", "COPY binary FROM stdin",
        "COPY a FROM stdin WITH (DELIMITER ';', FREEZE)",
    ])
    func countsLines(statement: String) throws {
        #expect(try scan(framed("\(statement);\n1\n\\.\n")).contents.totalRows == 1)
    }

    @Test func listsNoTableItCannotCount() throws {
        let contents = try scan(framed("INSERT INTO a VALUES (1); INSERT INTO b VALUES (1); INSERT INTO a SELECT 1;"))
            .contents
        #expect(contents.rows == [TableName(schema: "public", name: "b"): 1])
        #expect(contents.uncounted == [TableName(schema: "public", name: "a")])
    }

    @Test func seesRowSecurity() throws {
        #expect(try scan(framed("", header: "SET row_security = on;")).contents.underRowSecurity)
        #expect(try !scan(framed("", header: "SET row_security = off;")).contents.underRowSecurity)
    }

    @Test func givesUpTextsBeyondTheBudget() throws {
        let body = (0..<200).map { "CREATE TABLE t\($0) (a int);" }.joined(separator: "\n")
        let whole = try scan(framed(body))
        let small = try scan(framed(body), budget: 10_000)
        #expect(whole.plan.isRetained)
        #expect(!small.plan.isRetained && small.plan.entries.isEmpty)
        #expect(small.contents == whole.contents)
    }
}
