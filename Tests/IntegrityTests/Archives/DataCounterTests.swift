import Backups
import Testing

@testable import Integrity

/// The counters of rows, at every way to break the data into pieces.
@Suite struct DataCounterTests {
    @Test(arguments: [
        ("\\.\n\n\n", 0), ("1\ta\n\\.\n\n\n", 1), ("\\N\t\\\\.\n\n\\\\.\n\\.\n\n\n", 3), ("a\\\n\n\\.\n\n\n", 2),
    ])
    func copyRows(data: String, rows: UInt64) throws {
        let bytes = Array(data.utf8)
        for piece in 1...bytes.count {
            var counter = CopyDataCounter(of: "t")
            try forEachPiece(of: bytes, piece) { try counter.consume($0) }
            try counter.finish()
            #expect(counter.rows == rows)
        }
    }

    @Test(arguments: [
        ("", Reason.truncated), ("1\n", .truncated), ("1\n\\.", .truncated), ("1\n\\.\n", .truncated),
        ("1\n\\.\n\n", .truncated), ("\\.\n\n\n\n", .trailingBytes), ("\\.\n1\n", .trailingBytes), ("\\.x\n", .corrupt),
    ])
    func copyDamage(data: String, reason: Reason) {
        var counter = CopyDataCounter(of: "t")
        let error = #expect(throws: ContentDamage.self) {
            try forEachPiece(of: Array(data.utf8), 3) { try counter.consume($0) }
            try counter.finish()
        }
        #expect(error?.reason == reason)
    }

    @Test(arguments: [
        ("\n\n", 0), ("INSERT INTO s.t VALUES (1, 'a;''(');\n\n\n", 1),
        ("INSERT INTO s.t DEFAULT VALUES;\nINSERT INTO s.t DEFAULT VALUES;\n\n\n", 2),
        (
            "INSERT INTO s.\"VALUES (;\" (a, \"b)\") OVERRIDING SYSTEM VALUE VALUES\n\t(1, E'\\';('),\n\t(2, NULL);\n\n\n",
            2
        ),
        ("INSERT INTO s.t VALUES ('I;\n\n\n'), (f(1)) ON CONFLICT DO NOTHING;\n\n\n", 2),
    ])
    func insertRows(data: String, rows: UInt64) throws {
        let bytes = Array(data.utf8)
        for piece in 1...bytes.count {
            var counter = InsertDataCounter(of: "t", schema: nil, DefinitionHarvest())
            try forEachPiece(of: bytes, piece) { try counter.consume($0) }
            try counter.finish()
            #expect(counter.rows == rows)
        }
    }

    @Test(arguments: [
        ("", Reason.truncated), ("INSERT INTO t VALUES (1);\n\n", .truncated), ("INSERT INTO t VALUES ('a", .truncated),
        ("DELETE FROM t;\n\n\n", .corrupt), ("INSERT INTO t VALUES (1;\n\n\n", .truncated),
        // What begins like a comment at the end of a piece, and is none.
        ("\n\n-x;\n\n\n", .corrupt), ("\n\n/x;\n\n\n", .corrupt), ("\n\n-\\x\n\n\n", .corrupt),
    ])
    func insertDamage(data: String, reason: Reason) {
        var counter = InsertDataCounter(of: "t", schema: nil, DefinitionHarvest())
        let error = #expect(throws: ContentDamage.self) {
            try forEachPiece(of: Array(data.utf8), 3) { try counter.consume($0) }
            try counter.finish()
        }
        #expect(error?.reason == reason)
    }

    @Test(arguments: [
        ("COPY public.t (a, b) FROM stdin;\n", TableName(schema: "public", name: "t")),
        ("COPY \"a.\"\"b\".\"c\nd\" FROM stdin;", TableName(schema: "a.\"b", name: "c\nd")),
        ("COPY t (a) FROM stdin;", TableName(schema: "old", name: "t")),
    ])
    func targets(statement: String, table: TableName) {
        #expect(DefinitionHarvest().target(ofCopy: Array(statement.utf8), schema: "old") == table)
    }

    private func forEachPiece(
        of bytes: [UInt8], _ size: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        try bytes.withUnsafeBytes { all in
            for start in stride(from: 0, to: all.count, by: size) {
                try body(UnsafeRawBufferPointer(rebasing: all[start..<min(start + size, all.count)]))
            }
        }
    }
}
