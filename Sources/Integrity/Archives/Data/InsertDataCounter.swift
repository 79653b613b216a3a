import Backups
internal import Glibc

/// Counts the rows of a table's data that were dumped with `--inserts`: `INSERT INTO t VALUES (…), (…);`, and two empty
/// lines at the end.
///
/// The shapes are few, so a small lexer does: quotes, `E''` strings, parentheses, words.
/// Source: PostgreSQL 18 src/bin/pg_dump/pg_dump.c, dumpTableData_insert.
struct InsertDataCounter {
    private enum LexerState {
        case between, statement, string, escapeString, afterBackslash, identifier
    }

    private(set) var rows: UInt64 = 0
    /// The first bytes of the data: they name the table.
    private(set) var head: [UInt8] = []
    private static let headLength = 1024
    private var state = LexerState.between
    private var depth = 0
    private var hasValues = false
    private var rowsOfStatement: UInt64 = 0
    /// The word that ends at the last byte, as far as it can matter.
    private var word: [UInt8] = []
    private var newlinesAtEnd = 0
    private let title: String

    /// - Parameter title: whose data it is, for messages.
    init(of title: String) {
        self.title = title
    }

    mutating func consume(_ bytes: UnsafeRawBufferPointer) throws {
        if head.count < Self.headLength { head.append(contentsOf: bytes.prefix(Self.headLength - head.count)) }
        var next = 0
        while next < bytes.count {
            if state == .string || state == .identifier {
                next = skipQuoted(bytes, from: next)
            } else {
                try take(bytes[next])
                next += 1
            }
        }
    }

    /// - Throws: ``ContentDamage`` unless the data ended after a statement, with the two empty lines.
    func finish() throws {
        // A statement's own newline, and two more.
        guard state == .between, newlinesAtEnd == (rows > 0 ? 3 : 2) else {
            throw damage(.truncated, "do not end as pg_dump ends them")
        }
    }

    /// Goes past the closing quote; a doubled one begins the next piece of the same value.
    private mutating func skipQuoted(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        let quote = state == .string ? UInt8(ascii: "'") : UInt8(ascii: "\"")
        guard let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(quote), bytes.count - start)
        else { return bytes.count }
        state = .statement
        return UnsafeRawPointer(found) - base + 1
    }

    private mutating func take(_ byte: UInt8) throws {
        switch state {
        case .between: try takeBetween(byte)
        case .statement: try takeInStatement(byte)
        case .escapeString:
            if byte == UInt8(ascii: "\\") { state = .afterBackslash }
            if byte == UInt8(ascii: "'") { state = .statement }
        case .afterBackslash: state = .escapeString
        case .string, .identifier: break
        }
    }

    private mutating func takeBetween(_ byte: UInt8) throws {
        if byte == UInt8(ascii: "\n") {
            newlinesAtEnd += 1
        } else if byte == UInt8(ascii: "I"), newlinesAtEnd < 3 {
            state = .statement
            depth = 0
            hasValues = false
            rowsOfStatement = 0
            newlinesAtEnd = 0
            word = [byte]
        } else {
            throw damage(.corrupt, "are no INSERT statements")
        }
    }

    private mutating func takeInStatement(_ byte: UInt8) throws {
        switch byte {
        case UInt8(ascii: "'"):
            state = word == [UInt8(ascii: "E")] ? .escapeString : .string
            endWord()
        case UInt8(ascii: "\""):
            state = .identifier
            endWord()
        case UInt8(ascii: "("):
            endWord()
            if depth == 0, hasValues { rowsOfStatement += 1 }
            depth += 1
        case UInt8(ascii: ")"):
            endWord()
            depth -= 1
            guard depth >= 0 else { throw damage(.corrupt, "close a parenthesis that is not open") }
        case UInt8(ascii: ";"):
            endWord()
            try endStatement()
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
            if word.count < 8 { word.append(byte) }
        default:
            endWord()
        }
    }

    private mutating func endWord() {
        if depth == 0, word == Self.values { hasValues = true }
        word.removeAll(keepingCapacity: true)
    }

    private mutating func endStatement() throws {
        guard depth == 0, hasValues else { throw damage(.corrupt, "have an INSERT without VALUES") }
        // DEFAULT VALUES has no parentheses and is one row.
        rows += max(rowsOfStatement, 1)
        state = .between
    }

    private static let values = Array("VALUES".utf8)

    private func damage(_ reason: Reason, _ what: String) -> ContentDamage {
        ContentDamage("data", reason, "the rows of \(title) \(what)")
    }
}
