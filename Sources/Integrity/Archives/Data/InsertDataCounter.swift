import Backups

/// Counts the rows of a table's data that were dumped with `--inserts`: `INSERT` statements, then two empty lines.
///
/// Source: PostgreSQL 18 src/bin/pg_dump/pg_dump.c, dumpTableData_insert.
struct InsertDataCounter {
    private(set) var rows: UInt64 = 0
    /// The table that the statements name, once there was one.
    private(set) var table: TableName?
    private var lexer = DumpLexer()
    private var session = DumpSession()
    private var newlinesAtEnd = 0
    private let title: String

    /// - Parameters:
    ///   - title: whose data it is, for messages.
    ///   - schema: where an unqualified name lives; only in archives made before 10.3.
    init(of title: String, schema: String?, _ harvest: DefinitionHarvest) {
        self.title = title
        lexer.lexer.encoding = harvest.encoding
        lexer.lexer.standardStrings = harvest.standardStrings
        if let schema { session.apply("search_path", value: schema, statement: []) }
    }

    mutating func consume(_ bytes: UnsafeRawBufferPointer) throws {
        var position = 0
        while let event = try next(in: bytes, from: &position) {
            guard event == .statement, lexer.isInsert else { throw damage(.corrupt, "are not all INSERT statements") }
            rows += lexer.insertedRows
            table = session.interpret(&lexer).table
        }
        let newlines = bytes.reversed().prefix { $0 == .newline }.count
        newlinesAtEnd = newlines == bytes.count ? newlinesAtEnd + newlines : newlines
    }

    private mutating func next(
        in bytes: UnsafeRawBufferPointer, from position: inout Int
    ) throws -> DumpLexer.Event? {
        do {
            return try lexer.next(in: bytes, startingAt: 0, from: &position)
        } catch let found as ContentDamage {
            // Its place is one among these bytes, and none in the archive.
            throw damage(found.reason, "are damaged: \(found.message)")
        }
    }

    /// - Throws: ``ContentDamage`` unless the data ended after a statement, with the two empty lines.
    func finish() throws {
        guard !lexer.isUnfinished, newlinesAtEnd == (rows > 0 ? 3 : 2) else {
            throw damage(.truncated, "do not end as pg_dump ends them")
        }
    }

    private func damage(_ reason: Reason, _ what: String) -> ContentDamage {
        ContentDamage("data", reason, "the rows of \(title) \(what)")
    }
}
