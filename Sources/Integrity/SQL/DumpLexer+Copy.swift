import Backups

/// The data of `COPY … FROM stdin`.
extension DumpLexer {
    /// The data begins on the line after the statement's. psql would run what else stands on that line later.
    mutating func scanCopyHead(
        _ chunk: UnsafeRawBufferPointer, _ base: UInt64, _ position: inout Int
    ) throws {
        let byte = chunk[position]
        guard byte.isSpace else {
            throw Obstacle(
                .unsupportedFormat, "Line \(lexer.line): text follows COPY … FROM stdin on the same line",
                hint: "pg_dump writes no such thing; restore this file with psql and check it by hand.")
        }
        position += 1
        guard byte == .newline else { return }
        lexer.line += 1
        copyRows = 0
        copyDataLength = 0
        copyDataStart = base + UInt64(position)
        mode = .copyMarker(0)
    }

    /// Rows, from somewhere in the middle of one, until the chunk ends or a row starts with a backslash.
    ///
    /// One memchr a row: rows are what dumps are made of.
    mutating func scanCopy(
        _ chunk: UnsafeRawBufferPointer, _ base: UInt64, _ position: inout Int
    ) throws -> Event? {
        let from = position
        var rows: UInt64 = 0
        var index = position
        let count = chunk.count
        mode = .copy
        while index < count {
            guard let newline = chunk.firstNewline(from: index) else {
                index = count
                break
            }
            index = newline + 1
            rows += 1
            if index < count, chunk[index] != .backslash { continue }
            // `\N` and the like at the start of a row are common: settle what can be settled here.
            if index + 1 < count, chunk[index + 1] != .dot { continue }
            mode = .copyMarker(0)
            break
        }
        position = index
        if let nul = chunk.firstNul(in: from..<index) {
            let line = lexer.line + UInt64(chunk[from..<nul].lazy.filter { $0 == .newline }.count)
            throw ContentDamage(
                "structure", .corrupt, "A NUL byte stands in the data of a table",
                at: SourceLocation(offset: base + UInt64(nul), line: line))
        }
        copyRows += rows
        lexer.line += rows
        copyDataLength += UInt64(index - from)
        return .copyData(from..<index)
    }

    /// psql ends the data at a line that is exactly `\.`, with LF or CR LF (PostgreSQL 15 src/bin/psql/copy.c,
    /// `handleCopyIn`).
    mutating func scanMarker(
        _ byte: UInt8, _ matched: Int, _ base: UInt64, _ position: inout Int
    ) -> Event? {
        switch (matched, byte) {
        case (0, .backslash), (1, .dot), (2, .carriageReturn):
            mode = .copyMarker(matched + 1)
            position += 1
            return nil
        case (2, .newline), (3, .newline):
            if matched == 3 { sawCarriageReturns = true }
            position += 1
            endOffset = base + UInt64(position)
            lexer.line += 1
            mode = .sql
            lexer.reset()
            return .copyEnd
        default:
            mode = .copy
            copyDataLength += UInt64(matched)
            return matched == 0 ? nil : .copyHeld(matched)
        }
    }
}
