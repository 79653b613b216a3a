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

    /// Where in the damaged text the fault lies: found by looking for what stands there, not by scanning.
    enum Place: Sendable {
        case start
        case end
        /// The first byte of this text, where it stands first.
        case at(String)
        /// The same where it stands for the second time.
        case second(String)

        func location(in text: String) throws -> Backups.SourceLocation {
            let bytes = Array(text.utf8)
            let offset =
                switch self {
                case .start: 0
                case .end: bytes.count
                case .at(let needle): try #require(Self.places(of: needle, in: bytes).first)
                case .second(let needle): try #require(Self.places(of: needle, in: bytes).dropFirst().first)
                }
            let line = bytes[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
            return Backups.SourceLocation(offset: UInt64(offset), line: UInt64(line))
        }

        private static func places(of needle: String, in bytes: [UInt8]) -> [Int] {
            bytes.indices.filter { bytes[$0...].starts(with: needle.utf8) }
        }
    }

    struct Case: Sendable {
        let name: String
        let text: String
        let check: String
        let reason: Reason
        let place: Place

        init(_ name: String, _ text: String, _ check: String, _ reason: Reason, _ place: Place) {
            self.name = name
            self.text = text
            self.check = check
            self.reason = reason
            self.place = place
        }
    }

    static let header = "-- PostgreSQL database dump\n"
    static let clusterTrailer = "-- PostgreSQL database cluster dump complete\n"

    static let damages = [
        Case("trailer missing", intact.replacing(trailer, with: ""), "trailer", .truncated, .end),
        Case("unrestrict missing", intact.replacing("\\unrestrict abc\n", with: ""), "trailer", .truncated, .end),
        Case("unrestrict cut", String(intact.dropLast(4)), "trailer", .truncated, .end),
        Case(
            "another key", intact.replacing("\\unrestrict abc", with: "\\unrestrict abd"), "structure", .corrupt,
            .at("\\unrestrict abd")),
        Case("header missing", intact.replacing(header, with: ""), "trailer", .corrupt, .at(trailer)),
        Case("no end of data", intact.replacing("\\.\n", with: ""), "structure", .truncated, .end),
        Case(
            "data without COPY", intact.replacing("COPY public.a (x) FROM stdin;\n1\n2\n", with: ""), "structure",
            .corrupt, .at("\\.")),
        Case("NUL in SQL", intact.replacing("SELECT 'x'", with: "SELECT '\0'"), "structure", .corrupt, .at("\0")),
        Case("NUL in data", intact.replacing("\n2\n", with: "\n\0\n"), "structure", .corrupt, .at("\0")),
        Case("open quote", intact.replacing("'x'", with: "'x"), "trailer", .truncated, .end),
        Case("open parenthesis", intact + "SELECT (1;\n", "structure", .truncated, .end),
        Case("half a statement", intact + "SELECT 1\n", "structure", .truncated, .end),
        Case(
            "a warning", intact.replacing("SELECT 'x'", with: "pg_dump: warning: it isn't\nSELECT 'x'"), "structure",
            .foreignOutput, .at("pg_dump: warning")),
        Case("a path's warning", "/usr/bin/pg_dump: error: x\n" + intact, "structure", .foreignOutput, .start),
        Case(
            "an error at the end", intact + "pg_dump: error: query failed\n", "structure", .foreignOutput,
            .at("pg_dump: error")),
        Case(
            "kubectl's notice", "Defaulted container \"db\" out of: db, init\n" + intact, "structure", .foreignOutput,
            .start),
        Case("a page", "<html><body>404: not found</body></html>\n", "structure", .corrupt, .start),
        Case("UTF-16", "\u{fffd}-\0-\0", "structure", .corrupt, .start),
        Case("nothing", "", "content", .emptyFile, .start),
        Case("no database trailer", cluster.replacing(trailer, with: ""), "trailer", .truncated, .second(header)),
        Case(
            "first of two trailers missing", cluster.replacing(trailer, with: "", maxReplacements: 1), "trailer",
            .truncated, .second(header)),
        Case("cluster trailer missing", cluster.replacing(clusterTrailer, with: ""), "trailer", .truncated, .end),
        Case(
            "a database without its dump", cluster.replacing("\\connect two\n", with: "\\connect x\n\\connect two\n"),
            "trailer", .truncated, .at("\\connect two")),
        Case(
            "trailers in the wrong order",
            cluster.replacing(clusterTrailer, with: "")
                .replacing("\n\\connect two", with: "\n\(clusterTrailer)\\connect two")
                .replacing(trailer, with: "", maxReplacements: 1),
            "trailer", .truncated, .at(clusterTrailer)),
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
        let expected = Self.damages[index]
        let location = try expected.place.location(in: expected.text)
        for chunk in [1, 3, 1 << 20] {
            let found = try damage(in: expected.text, chunk: chunk)
            #expect(found?.check == expected.check, "\(expected.name)")
            #expect(found?.reason == expected.reason, "\(expected.name): \(found.map { "\($0)" } ?? "accepted")")
            #expect(found?.location == location, "\(expected.name): \(found.map { "\($0)" } ?? "accepted")")
        }
    }

    @Test(arguments: ["/usr/bin/pg_dump: error: x", "- done"]) func quotesAForeignLineFromItsFirstLetter(line: String)
        throws
    {
        for chunk in [1, 1 << 20] {
            let found = try damage(in: Self.intact + line + "\n", chunk: chunk)
            #expect(found?.message.contains("\"\(line)\"") == true, "\(found.map { "\($0)" } ?? "accepted")")
            #expect(found?.location?.offset == UInt64(Self.intact.utf8.count))
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
