import TestSupport
import Testing

@testable import PostgreSQL

/// What an index sorts by, also where its key says no collation.
@Suite struct IndexCollationTests {
    @Test func keysThatHoldTextsSortByACollation() throws {
        let database = try TestServer.shared().createDatabase()
        try database.run(
            """
            CREATE TYPE names AS RANGE (subtype = text, collation = "C");
            CREATE TYPE person AS (first text, last text);
            CREATE DOMAIN document AS jsonb;
            CREATE TABLE t (number int, word text, plain text COLLATE "C", body jsonb, doc document, who person, span names,
                days daterange, many jsonb[]);
            CREATE INDEX number_i ON t (number);
            CREATE INDEX word_i ON t (word);
            CREATE INDEX plain_i ON t (plain);
            CREATE INDEX body_i ON t (body);
            CREATE INDEX expression_i ON t ((body -> 'a'));
            CREATE INDEX doc_i ON t (doc);
            CREATE INDEX who_i ON t (who);
            CREATE INDEX span_i ON t (span);
            CREATE INDEX days_i ON t (days);
            CREATE INDEX many_i ON t (many);
            """)
        let connection = try database.connect()
        let major = try TestServer.shared().installation.major
        let own = try IndexCollation.read("\(database.name).public.word_i", connection, major: major)
        #expect(own.count == 1)
        func collations(_ index: String) throws -> [IndexCollation] {
            try IndexCollation.read("\(database.name).public.\(index)", connection, major: major)
        }
        for index in ["body_i", "expression_i", "doc_i", "who_i", "many_i"] {
            #expect(try collations(index) == own, "\(index)")
        }
        for index in ["number_i", "days_i"] { #expect(try collations(index).isEmpty, "\(index)") }
        for index in ["plain_i", "span_i"] { #expect(try collations(index).map(\.locale) == ["C"], "\(index)") }
    }
}
