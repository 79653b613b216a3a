import Integrity
import TestSupport
import Testing

/// psql itself says where statements end: the same text must be split the same way.
@Suite struct PsqlBoundaryTests {
    static let comment = "-- it's (;$$\n"

    static let texts: [String] = [
        "SELECT 1; SELECT ';'; SELECT 'a''; b';SELECT 4;",
        #"SELECT 'a\'; SELECT E'a\'; b'; SELECT e'\\'; SELECT E'a'';\'' ; SELECT n'x\'; SELECT U&'\'; SELECT 5;"#,
        "SELECT B'1;'; SELECT x'a;'; SELECT nameE'x'; SELECT \"a;\"\"b\"; SELECT U&\"d;\"; SELECT 1;",
        "SELECT $$;$$; SELECT $a$ $$ ; $b$ ; $a $a$; SELECT $_1$;$_1; $_1$; SELECT a$b$; SELECT $1, $2; SELECT $é$;$é$; SELECT 1;",
        "SELECT $a$b; SELECT 1$a$;$a$; SELECT $$a$$$b$;$b$; SELECT 2;",
        "SELECT /* ; /* ; */ ' */ 1; SELECT 1 /*/ ; */; SELECT 2 /***/; SELECT 3 /* **/; SELECT 4 +/* ; */ 5; SELECT 6 */* ; */ 7; SELECT 1;",
        "SELECT 1 \(comment); SELECT 2 +-- ;\n 3; SELECT 4---;\n; SELECT 5 - 6 / 7; SELECT 8 -/* ; */- 9; SELECT 1;",
        "SELECT (1; 2); SELECT ((1;); SELECT 2); SELECT 1); SELECT 2; SELECT [1; SELECT 3;",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a THEN 1 END; END; SELECT 1;",
        "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC BEGIN; END; END; SELECT 1; CREATE TABLE begin (a int); SELECT 2;",
        "CREATE FUNCTION f(begin int) RETURNS int AS 'x' LANGUAGE sql; CREATE VIEW v AS SELECT CASE WHEN 1 THEN 2 END; SELECT 1;",
        "create Function \"begin\"() returns int bEgin atomic select case 1 when 2 then 3 end; eNd; SELECT 1;",
        "CREATE /* function */ FUNCTION f() RETURNS int RETURN 1; CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 1;",
        "SELECT 'a'\n'b;'; SELECT E'a'\n'b\\'; SELECT 1;",
        "SELECT 'a\r\n;b' ;\r\nSELECT 1 -- x\r\n;\r\n",
        "SELECT 1;;; SELECT 2;",
    ]

    @Test(arguments: 0..<texts.count)
    func splitsAsPsqlDoes(index: Int) throws {
        try compare(Array(Self.texts[index].utf8))
    }

    @Test(arguments: [
        ("SJIS", #"SELECT '"# + "\u{95}\\\u{8f}\\;" + #"' ; SELECT E'"# + "\u{95}\\" + #"'; SELECT 1;"#),
        (
            "BIG5",
            #"SELECT E'"# + "\u{a5}\\" + #"'; SELECT "a"# + "\u{b3}\\" + #""; SELECT a"# + "\u{b3}\\" + ", 1; SELECT 1;"
        ),
        ("GB18030", #"SELECT E'"# + "\u{81}0\u{81}0\u{95}\\" + #"'; SELECT 1;"#),
        ("GBK", #"SELECT E'"# + "\u{95}\\\\'" + #";'; SELECT 1;"#),
        ("UHC", #"SELECT E'"# + "\u{95}\\" + #"'; SELECT 1;"#),
        ("LATIN1", #"SELECT E'"# + "\u{95}\\'" + #";'; SELECT 1;"#),
    ])
    func splitsUnsafeEncodings(encoding: String, text: String) throws {
        // Each character stands for the byte of its number.
        try compare(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, encoding: encoding)
    }

    @Test func splitsWithoutStandardStrings() throws {
        try compare(
            Array(#"SELECT '\'; x'; SELECT 'a''\\'; SELECT U&'\'; SELECT N'\';'; SELECT E'\''; SELECT 1;"#.utf8),
            standardStrings: false)
    }

    @Test(arguments: 1...12)
    func splitsSoupAsPsqlDoes(seed: UInt64) throws {
        var random = Seeded(seed)
        let whole = [
            "; SELECT ", "; SELECT ", "'x;'", "\"y;\"", "''", "$$ ;' $$", "$a$ $$ ; $a $a$", "( ; )", "/* ; /* ' */ */",
            "/",
            "*", "-", "+", Self.comment, "\n", " ", "x", "E", "b", "1", "begin", " end ", " case ", "é", "E'\\';'",
            "U&'\\'", "; CREATE FUNCTION f() begin ; end", "$", "$1",
        ]
        let halves = ["'", "\"", "$$", "$a$", "(", ")", "/*", "*/", "E'"]
        var text = "SELECT 0; SELECT "
        for _ in 0..<250 {
            let tokens = Int.random(in: 0..<60, using: &random) == 0 ? halves : whole
            text += tokens[Int.random(in: 0..<tokens.count, using: &random)]
        }
        try compare(Array(text.utf8))
    }

    private func compare(_ text: [UInt8], encoding: String = "UTF8", standardStrings: Bool = true) throws {
        let expected = try psqlStatements(text, encoding: encoding, standardStrings: standardStrings)
        let settings =
            "SET client_encoding = '\(encoding)';SET standard_conforming_strings = \(standardStrings ? "on" : "off");\n"
        for step in [1, 7, 1 << 16] {
            var stream = StatementStream(ArrayReader(Array(settings.utf8) + text, step: step))
            var found: [[UInt8]] = []
            var isCut = false
            do {
                while let item = try stream.next() {
                    guard case .entry(let entry) = item, let text = entry.text else { continue }
                    if case .refused = entry.kind {
                        isCut = true
                        break
                    }
                    found.append(normal(text))
                }
            } catch is ContentDamage {
                // The last statement is not finished, or no statement: psql sends that all the same.
                isCut = true
            }
            found.removeFirst(2)
            let wanted = expected.map(normal)
            #expect(!found.isEmpty)
            #expect(found == Array(isCut ? wanted.prefix(found.count)[...] : wanted[...]))
        }
    }

    /// What psql sends, one by one: in a failed transaction each statement is an error, and psql echoes it.
    private func psqlStatements(_ text: [UInt8], encoding: String, standardStrings: Bool) throws -> [[UInt8]] {
        let server = try TestServer.shared()
        let directory = try TemporaryDirectory()
        let path = directory.file("input.sql")
        try TestFile.write(Array("BEGIN;\nSELECT 1/0;\n".utf8) + text, to: path)
        let result = try Tool.attempt(
            "/usr/bin/env",
            [
                "PGCLIENTENCODING=\(encoding)",
                "PGOPTIONS=-c standard_conforming_strings=\(standardStrings ? "on" : "off") -c lc_messages=C",
                server.installation.tool("psql"), "-X", "-q", "-v", "ECHO=errors", "-d", server.conninfo(), "-f", path,
            ])
        let marker = Array("psql:\(path):".utf8)
        let label = Array(": STATEMENT:  ".utf8)
        var statements: [[UInt8]] = []
        for part in result.error.split(separator: marker) {
            let rest = part.drop(while: { (0x30...0x39).contains($0) })
            if rest.starts(with: label) { statements.append(Array(rest.dropFirst(label.count))) }
        }
        // The division is the first of them.
        return Array(statements.dropFirst())
    }

    /// Without white space, the final `;`, and the comments that psql drops.
    private func normal(_ text: [UInt8]) -> [UInt8] {
        var bytes = text
        for comment in [Self.comment, "-- ;\n", "---;\n", "-- x\r\n"] {
            bytes = bytes.replacing(Array(comment.utf8), with: [])
        }
        bytes.removeAll { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d }
        if bytes.last == UInt8(ascii: ";") { bytes.removeLast() }
        return bytes
    }
}
