import Backups
import Integrity
import TestSupport
import Testing

@testable import PostgreSQL

/// Dumps in encodings that only clients can have: they come back as what they were, in UTF-8.
@Suite(.serialized)
struct ClientEncodingTests {
    struct Example: Sendable, CustomStringConvertible {
        let encoding: String
        /// In most of these encodings the second byte of each of the first letters is a backslash. Of JOHAB PostgreSQL takes
        /// only those whose second byte is none of ASCII.
        let letters: String
        var description: String { encoding }

        static let all = [
            Example(encoding: "SJIS", letters: "表ソ能十日本"), Example(encoding: "SHIFT_JIS_2004", letters: "表ソ能十日本"),
            Example(encoding: "BIG5", letters: "功許蓋淚中文"), Example(encoding: "GBK", letters: "乗俓僜刓中文"),
            Example(encoding: "GB18030", letters: "乗俓僜刓中文ñ한"), Example(encoding: "UHC", letters: "똠방각하펲시콜라"),
            Example(encoding: "JOHAB", letters: "갻걣겋괇괯"),
        ]
    }

    enum Way: CaseIterable, Sendable {
        case alone, sideBySide, inserts, psql
    }

    /// Its own: pg_dump reads the names of all roles, and the shared one has some that these encodings lack.
    private static let server = Result { try TestServer() }

    static func source(_ letters: String) throws -> TestDatabase {
        let source = try server.get().createDatabase()
        let last = letters.prefix(1)
        try source.run(
            """
            SET client_encoding = 'UTF8';
            CREATE TABLE "\(letters)" ("column \(last)" text DEFAULT E'\\\\\(last)\\n', CHECK ("column \(last)" <> '\(last)'));
            COMMENT ON TABLE "\(letters)" IS E'it''s \(last)\\\\';
            CREATE FUNCTION said() RETURNS text LANGUAGE sql AS $f$ SELECT '\(last)' || E'\\\\\(last)' $f$;
            INSERT INTO "\(letters)" VALUES (NULL), ('\(letters)'), (E'\\\\\(letters)\\\\'), (E'\(last)\\t\(last)\\n\(last)'),
                ('\(last)N'), ('\(last).'), ('\\.'), (E'\\n\\\\.\\n'), ('\(letters)''"$$'), (DEFAULT);
            """)
        return source
    }

    @Test(arguments: Example.all, Way.allCases)
    func comesBackInUTF8(_ example: Example, _ way: Way) throws {
        let source = try Self.source(example.letters)
        let server = source.server
        let directory = try TemporaryDirectory()
        let path = try source.dump(
            ["--encoding", example.encoding] + (way == .inserts ? ["--inserts"] : []), to: directory.file("dump.sql"))
        let dump = try LoadSupport.scan(path)
        #expect(dump.contents.header.clientEncoding == example.encoding)
        let options = LoadOptions(jobs: way == .alone ? 1 : 3, database: "\(source.name)_\(way)")
        let tools = Installation(bin: server.installation.bin, version: "15", major: 15, isServer: true)
        let loader: any Loader =
            way == .psql
            ? try PsqlLoader(dump, tools: tools, options: options) : NativeLoader(dump, options: options)
        let outcome = try loader.load(
            into: TestTarget(server: server), cancellation: Cancellation(), progress: SilentProgress())
        #expect(outcome.findings == [])
        #expect(dump.contents.rows == [TableName(schema: "public", name: example.letters): 10])
        if way != .psql { #expect(outcome.rowsLoaded == dump.contents.rows) }

        let ours = TestDatabase(server: server, name: options.database)
        #expect(try ours.query("SHOW server_encoding") == "UTF8")
        #expect(LoadSupport.difference(try LoadSupport.text(of: source), try LoadSupport.text(of: ours)) == nil)
        try ours.drop()
        if way == .alone {
            // By psql on the bad day.
            let theirs = try server.createDatabase()
            let psql = try theirs.restoreWithPsql(path)
            #expect(psql.status == 0, "\(psql.errorText)")
            #expect(LoadSupport.difference(try LoadSupport.text(of: source), try LoadSupport.text(of: theirs)) == nil)
            try theirs.drop()
        }
        try source.drop()
    }

    /// A role that nobody brings gets the name that the dump gives it.
    @Test func rolesAreMadeByTheirOwnNames() throws {
        let server = try TestServer()
        let source = try server.createDatabase(named: "source")
        try source.run(
            "CREATE TABLE t (a text); INSERT INTO t VALUES ('表'); CREATE ROLE \"役 表\"; ALTER TABLE t OWNER TO \"役 表\"")
        let directory = try TemporaryDirectory()
        let path = try source.dump(["--encoding", "SJIS"], to: directory.file("dump.sql"))
        let other = try TestServer()
        let outcome = try LoadSupport.load(try LoadSupport.scan(path), on: other, LoadOptions(jobs: 2))
        #expect(outcome.findings == [])
        #expect(outcome.createdRoles == ["役 表"])
    }
}
