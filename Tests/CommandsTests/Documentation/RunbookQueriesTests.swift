import Foundation
import TestSupport
import Testing

/// Every query that a runbook has somebody run on production is one that PostgreSQL runs, the oldest and the newest that is tested.
@Suite struct RunbookQueriesTests {
    private static let runbooks = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../docs/runbooks").standardizedFileURL.path

    /// The statements of `psql … -c "…"`.
    private static func statements(of words: [String]) -> [String] {
        guard words.first == "psql" else { return [] }
        return words.indices.filter { words[$0] == "-c" && $0 + 1 < words.count }.map { words[$0 + 1] }
    }

    private static func queries() throws -> [(place: String, statement: String)] {
        try FileManager.default.contentsOfDirectory(atPath: runbooks).sorted().flatMap { name in
            try String(contentsOfFile: "\(runbooks)/\(name)", encoding: .utf8).split(separator: "\n")
                .flatMap { ShellWords(String($0)).commands }.flatMap(statements).map { (name, $0) }
        }
    }

    @Test(arguments: [15, 18]) func everyOneRuns(major: Int) throws {
        let database = try TestServer.shared(major: major).createDatabase()
        // The freshness column of the example configuration.
        try database.run("CREATE TABLE orders (id integer, created_at timestamptz)")
        let queries = try Self.queries()
        #expect(queries.count > 15)
        for (place, statement) in queries {
            #expect(throws: Never.self, "\(place): \(statement)") { _ = try database.query(statement) }
        }
    }

    @Test func aWrongOneIsSeen() throws {
        let words = try #require(ShellWords(#"psql service=shop -c "select no_such from pg_class""#).commands.first)
        let statement = try #require(Self.statements(of: words).first)
        #expect(throws: TestFailure.self) { try TestServer.shared().maintenance.query(statement) }
    }
}
