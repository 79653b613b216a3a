import TestSupport
import Testing

/// Dumps that end the session or the server that restores them, or take its rights: never `verified`, never a fault of
/// the rows, and said with the statement and what to do.
@Suite(.serialized) struct EndedSessionsTests {
    static let loaders = [["--jobs", "1"], ["--jobs", "2"], ["--loader", "psql"]]

    private let shop: RestoredShop
    private let text: String

    init() throws {
        shop = try RestoredShop()
        text = try TestFile.text(try shop.dump())
    }

    /// Puts `statement` in front of the rows of `orders`.
    private func verify(_ statement: String, _ loader: [String]) throws -> ToolResult {
        let changed = text.replacing("COPY public.orders", with: "\(statement)\n\nCOPY public.orders")
        try #require(changed != text)
        return try RestoredShop.verify(["--json"] + loader + [try shop.directory.write(changed, to: "changed.sql")])
    }

    private func line(of statement: String) throws -> Int {
        let changed = text.replacing("COPY public.orders", with: "\(statement)\n\nCOPY public.orders")
        let lines = changed.split(separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.firstIndex { $0.hasPrefix(statement) }) + 1
    }

    @Test(arguments: loaders) func aStatementThatDoesNothingIsVerified(loader: [String]) throws {
        let result = try verify("SELECT pg_catalog.pg_backend_pid();", loader)
        #expect(result.status == 0, "\(result.outputText)")
    }

    @Test(arguments: loaders) func theEndOfItsOwnSessionIsNamed(loader: [String]) throws {
        let statement = "SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());"
        let result = try verify(statement, loader)
        #expect(result.status == 2, "\(result.outputText)")
        #expect(
            result.outputText.contains(#""verdict":"inconclusive","reason":"server-failed""#), "\(result.outputText)")
        #expect(result.outputText.contains("line \(try line(of: statement)) "), "\(result.outputText)")
        #expect(result.outputText.contains("pg_terminate_backend"), "\(result.outputText)")
        #expect(result.outputText.contains("pg_dump writes no such thing"), "\(result.outputText)")
        #expect(!result.outputText.contains("rows-differ"))
    }

    @Test(arguments: loaders, ["NOSUPERUSER", "NOLOGIN NOSUPERUSER"])
    func theLossOfItsRightsIsNamed(loader: [String], change: String) throws {
        #expect(try verify("ALTER ROLE restorable_scratch SUPERUSER;", loader).status == 0)
        let statement = "ALTER ROLE restorable_scratch \(change);"
        let result = try verify(statement, loader)
        #expect(result.status == 2, "\(result.outputText)")
        #expect(result.outputText.contains(#""reason":"permission-denied""#), "\(result.outputText)")
        #expect(result.outputText.contains("takes its rights from restorable_scratch"), "\(result.outputText)")
        #expect(result.outputText.contains("(line \(try line(of: statement)) "), "\(result.outputText)")
        #expect(result.outputText.contains("take the ALTER ROLE restorable_scratch out of the dump"))
    }

    @Test(arguments: loaders) func theEndOfTheServerIsInconclusive(loader: [String]) throws {
        let result = try verify("COPY (SELECT 1) TO PROGRAM 'kill -QUIT $(head -1 postmaster.pid)';", loader)
        #expect(result.status == 2, "\(result.outputText)")
        #expect(result.outputText.contains(#""reason":"server-failed""#), "\(result.outputText)")
        #expect(!result.outputText.contains(#""hint":null,"proof""#), "\(result.outputText)")
        #expect(!result.outputText.contains("rows-differ"))
    }
}
