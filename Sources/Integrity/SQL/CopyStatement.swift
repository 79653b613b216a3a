/// `COPY name [(columns)] [WITH OIDS] FROM stdin [options] [WHERE …]`: a statement whose data follows in the dump.
///
/// PostgreSQL 15 documentation, COPY; `WITH OIDS` is how pg_dump wrote it before 12.
struct CopyStatement {
    let table: StatementFacts.Name
    /// Each line of the data is a row of the table. Not so for CSV (line ends in values, headers), binary data, and with a
    /// condition; pg_dump writes none of these.
    let rowsAreLines: Bool

    /// - Returns: `nil` for any other statement.
    init?(_ cursor: StatementCursor) {
        var cursor = cursor
        guard cursor.skip("copy") else { return nil }
        var isBinary = false
        var afterBinary = cursor
        if afterBinary.skip("binary"), !afterBinary.isWord("from"), !afterBinary.isSymbol(.dot),
            !afterBinary.isSymbol(.openParenthesis)
        {
            isBinary = true
            cursor = afterBinary
        }
        guard let table = cursor.qualifiedName() else { return nil }
        cursor.skipGroup()
        _ = cursor.skip("with", "oids")
        guard cursor.skip("from", "stdin") else { return nil }
        self.table = table
        var isPlain = !isBinary
        while !cursor.isAtEnd {
            if ["csv", "binary", "header", "where"].contains(cursor.word) { isPlain = false }
            if let value = cursor.string(), value == "csv" || value == "binary" { isPlain = false }
            cursor.advance()
        }
        rowsAreLines = isPlain
    }
}
