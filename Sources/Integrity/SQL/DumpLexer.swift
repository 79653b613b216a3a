import Backups

/// Splits the content of a dump into statements, comments, psql commands and the data of `COPY`, over chunks of any size.
///
/// Resumable: ``next(in:startingAt:from:)`` returns `nil` at the end of a chunk and goes on with the next one. What it
/// says does not depend on where the chunks are cut.
struct DumpLexer {
    enum Event: Equatable {
        /// A `--` comment line between statements: ``text`` is what follows the dashes.
        case comment
        /// A statement: ``text`` without its `;`.
        case statement
        /// A statement `COPY … FROM stdin`, whose data follows.
        case copy
        /// Bytes of the chunk that are rows.
        case copyData(Range<Int>)
        /// The first bytes of `\.⏎` that turned out to be the start of a row: they belong before the next data.
        case copyHeld(Int)
        /// The line `\.`; ``copyRows`` is final.
        case copyEnd
        /// A psql command: ``text`` is the line after the backslash. It may stand inside an unfinished statement.
        case command
        /// A line that is no SQL: ``text``.
        case foreign
    }

    enum Mode: Equatable {
        case sql, comment, command, foreign
        /// The rest of the line after `COPY … ;`.
        case copyHead
        case copy
        /// At the start of a row, with this many bytes of `\.\r⏎` seen.
        case copyMarker(Int)
    }

    /// Longest statement kept whole; of a longer one ``text`` holds the start.
    private let textLimit: Int
    /// Of a statement that is data (`INSERT`, `lowrite`), this much is kept.
    private let dataTextLimit: Int

    private(set) var text: [UInt8] = []
    /// False when the statement was longer than its limit.
    private(set) var isTextWhole = true
    /// Where the thing last reported begins.
    private(set) var start = SourceLocation(offset: 0, line: 1)
    /// The content's offset just after it.
    var endOffset: UInt64 = 0
    var copyRows: UInt64 = 0
    /// Whether ``copyRows`` is the number of rows.
    private(set) var copyRowsAreLines = true
    var copyDataStart: UInt64 = 0
    var copyDataLength: UInt64 = 0
    /// Lines that end with CR LF, of those that matter: comments, commands, and the ends of `COPY` blocks.
    var sawCarriageReturns = false

    var lexer = SQLLexer()
    var mode = Mode.sql
    private var isInStatement = false
    private var isAtVeryStart = true

    init(textLimit: Int = 16 << 20, dataTextLimit: Int = 64 << 10) {
        self.textLimit = textLimit
        self.dataTextLimit = dataTextLimit
    }

    /// Rows of the `INSERT` just reported; `DEFAULT VALUES` is one.
    var insertedRows: UInt64 { lexer.words.insertsDefaults ? 1 : lexer.valueGroups }
    var isInsert: Bool { lexer.words.isInsert }
    var isInCopy: Bool {
        switch mode {
        case .copy, .copyMarker, .copyHead: true
        default: false
        }
    }
    /// Whether there is a statement that has not ended.
    var isUnfinished: Bool { isInStatement || !lexer.isBetweenStatements }
    var line: UInt64 { lexer.line }

    /// The next thing in `chunk`, from `position` on; `nil` when the chunk is used up.
    /// - Parameter base: the content's offset of the chunk's first byte.
    /// - Throws: ``ContentDamage`` for a NUL byte in SQL text or data.
    mutating func next(in chunk: UnsafeRawBufferPointer, startingAt base: UInt64, from position: inout Int) throws
        -> Event?
    {
        if isAtVeryStart { skipByteOrderMark(chunk, from: &position) }
        while position < chunk.count {
            switch mode {
            case .sql:
                if let event = try scanSQL(chunk, base, &position) { return event }
            case .comment, .command, .foreign:
                if let event = scanLine(chunk, base, &position) { return event }
            case .copyHead:
                try scanCopyHead(chunk, base, &position)
            case .copy:
                if let event = try scanCopy(chunk, base, &position) { return event }
            case .copyMarker(let matched):
                if let event = scanMarker(chunk[position], matched, base, &position) { return event }
            }
        }
        return nil
    }

    /// The content is at its end: a last line without a newline is still a line.
    mutating func finish(at offset: UInt64) -> Event? {
        endOffset = offset
        guard let event = lineEvent else { return nil }
        isInStatement = false
        lexer.reset()
        mode = .sql
        return event
    }

    private var lineEvent: Event? {
        switch mode {
        case .comment: .comment
        case .command: .command
        case .foreign: .foreign
        default: nil
        }
    }

    /// psql skips a UTF-8 byte order mark at the start of a file.
    private mutating func skipByteOrderMark(_ chunk: UnsafeRawBufferPointer, from position: inout Int) {
        guard !chunk.isEmpty else { return }
        isAtVeryStart = false
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        if position == 0, chunk.count >= 3, chunk[0..<3].elementsEqual(mark) { position = 3 }
    }
}

// MARK: - Statements and lines

extension DumpLexer {
    private mutating func scanSQL(
        _ chunk: UnsafeRawBufferPointer, _ base: UInt64, _ position: inout Int
    ) throws -> Event? {
        let from = position
        let stop = lexer.scan(chunk, from: &position)
        if isInStatement { keep(chunk, from..<position) }
        switch stop {
        case .endOfChunk: break
        case .statementBegins:
            begin(at: base + UInt64(position))
            isInStatement = true
        case .statementEnds:
            isInStatement = false
            endOffset = base + UInt64(position)
            if isTextWhole, text.last == .semicolon { text.removeLast() }
            guard let copy = copyStatement() else { return .statement }
            copyRowsAreLines = copy.rowsAreLines
            mode = .copyHead
            return .copy
        case .commentBegins:
            begin(at: offset(of: position, in: base, back: 2))
            mode = .comment
        case .command:
            if !isInStatement { begin(at: offset(of: position, in: base, back: 1)) }
            text = []
            isTextWhole = true
            mode = .command
        case .notSQL:
            if !isInStatement {
                let first = lexer.loneOperator
                begin(at: offset(of: position, in: base, back: first == nil ? 0 : 1))
                if let first { text.append(first) }
            }
            mode = .foreign
        case .nul:
            throw ContentDamage(
                "structure", .corrupt, "A NUL byte stands in the SQL text",
                at: SourceLocation(offset: base + UInt64(position), line: lexer.line))
        }
        return nil
    }

    /// The content's offset `back` bytes before `position`. They may lie in the piece before this one, of which nothing is
    /// known where each piece is counted from 0: then where this one begins is as near as can be told.
    private func offset(of position: Int, in base: UInt64, back: UInt64) -> UInt64 {
        let offset = base + UInt64(position)
        return offset - min(back, offset)
    }

    private mutating func begin(at offset: UInt64) {
        start = SourceLocation(offset: offset, line: lexer.line)
        text.removeAll(keepingCapacity: true)
        isTextWhole = true
    }

    private mutating func keep(_ chunk: UnsafeRawBufferPointer, _ range: Range<Int>) {
        guard isTextWhole else { return }
        text.append(contentsOf: chunk[range])
        if text.count > dataTextLimit, text.count > textLimit || isData {
            text.removeSubrange(min(dataTextLimit, text.count)...)
            isTextWhole = false
        }
    }

    /// Whether the statement begins as those do that are only data.
    private var isData: Bool {
        isInsert || text.starts(with: Array("SELECT pg_catalog.lowrite(".utf8))
            || text.starts(with: Array("SELECT lowrite(".utf8))
    }

    /// The statement just ended, if data follows it.
    private func copyStatement() -> CopyStatement? {
        guard text.first?.lowercased == UInt8(ascii: "c"), text.count < Self.lineLimit else { return nil }
        return CopyStatement(
            StatementCursor(text, standardStrings: lexer.standardStrings, encoding: lexer.encoding))
    }

    private mutating func scanLine(
        _ chunk: UnsafeRawBufferPointer, _ base: UInt64, _ position: inout Int
    ) -> Event? {
        let end = chunk[position...].firstIndex(of: .newline)
        let room = max(0, Self.lineLimit - text.count)
        text.append(contentsOf: chunk[position..<(end ?? chunk.count)].prefix(room))
        position = end ?? chunk.count
        guard end != nil else { return nil }
        position += 1
        endOffset = base + UInt64(position)
        lexer.line += 1
        if text.last == .carriageReturn {
            sawCarriageReturns = true
            text.removeLast()
        }
        defer {
            isInStatement = false
            lexer.reset()
            mode = .sql
        }
        return lineEvent
    }

    /// Of a comment or a command, so much is kept.
    private static let lineLimit = 64 << 10
}
