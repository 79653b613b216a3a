/// Finds where SQL statements begin and end, byte by byte, over chunks of any size.
///
/// It splits text exactly where psql does (PostgreSQL 15 src/fe_utils/psqlscan.l), because a dump is text for psql: a `;`
/// ends a statement outside quotes, comments, parentheses and the body of a routine (`BEGIN ATOMIC … END`). psql reads line
/// by line and so never continues a string over a line's end as the server does (`E'a'⏎'b'`); neither does this.
/// Variables (`:name`) are left as they are: a dump sets none. `\;`, which psql sends as a `;` inside a query, is a command
/// here like any other.
struct SQLLexer {
    /// Why ``scan(_:from:)`` came back.
    enum Stop: Equatable {
        case endOfChunk
        /// The byte at the position is the first of a statement; not yet consumed.
        case statementBegins
        /// The `;` that ends the statement was consumed.
        case statementEnds
        /// A `--` comment between statements begins: both dashes were consumed.
        case commentBegins
        /// A backslash command begins; the backslash was consumed.
        case command
        /// The text at the position can't belong to a statement: what stands there is not SQL.
        case notSQL
        /// A NUL byte in SQL text, at the position.
        case nul
    }

    enum State: Equatable {
        /// Before a statement: white space and comments.
        case between
        /// In a statement, between tokens.
        case initial
        case word
        case dash, slash
        /// `U&` was seen: a quote now starts a string without backslash escapes.
        case unicodePrefix
        /// `$` and the start of what may become the tag of a dollar quote.
        case dollarTag
        case dollarBody
        case lineComment
        case blockComment, blockCommentStar, blockCommentSlash
        case string(escapes: Bool)
        case stringBackslash
        /// A quote in a string: its end, unless another follows.
        case stringQuote(escapes: Bool)
        case quotedIdentifier
    }

    var state = State.between
    /// `standard_conforming_strings`: off makes backslashes in plain strings escapes.
    var standardStrings = true
    var encoding = ClientEncoding.utf8
    /// Whether a statement must begin with a command of SQL; otherwise the server is left to judge, which may know more.
    var wantsKnownVerbs = false
    /// Line of the next byte, from 1.
    var line: UInt64 = 1

    var parenthesisDepth = 0
    var words = SQLWordTracker()
    /// Parenthesised groups after `VALUES` at depth 0: the rows of an `INSERT`.
    var valueGroups: UInt64 = 0

    /// Comment depth, and where to go back to when a comment ends.
    var commentDepth = 0
    var commentReturnsTo = State.between
    var dollarDelimiter: [UInt8] = []
    var dollarMatched = 0
    private var trail = TrailBytes()

    /// Whether the input may end here without cutting anything.
    var isBetweenStatements: Bool {
        switch state {
        case .between, .dash, .slash: true
        case .lineComment: commentReturnsTo == .between
        default: false
        }
    }

    /// What an unfinished statement is inside of, for messages.
    var openConstruct: String {
        switch state {
        case .string, .stringBackslash, .stringQuote: "a quoted string"
        case .quotedIdentifier: "a quoted identifier"
        case .dollarBody: "a dollar-quoted string"
        case .blockComment, .blockCommentStar, .blockCommentSlash: "a comment"
        default:
            parenthesisDepth > 0 ? "parentheses" : words.routineDepth > 0 ? "the body of a routine" : "a statement"
        }
    }

    /// Forgets the statement begun, keeps the settings.
    mutating func reset() {
        state = .between
        parenthesisDepth = 0
        valueGroups = 0
        words.reset()
        trail = TrailBytes()
    }

    /// Consumes bytes of `chunk` from `position` on, up to the next thing worth stopping for.
    mutating func scan(_ chunk: UnsafeRawBufferPointer, from position: inout Int) -> Stop {
        while position < chunk.count {
            if encoding.isSafe {
                skipPlain(chunk, from: &position)
                guard position < chunk.count else { break }
            }
            let raw = chunk[position]
            if raw == 0 { return .nul }
            let byte = encoding.isSafe ? raw : trail.masked(raw, encoding)
            if let stop = step(byte, at: &position) { return stop }
        }
        return .endOfChunk
    }

    /// One byte. Either consumes it (`position` and `line` move on) or changes the state and leaves it for the next turn.
    private mutating func step(_ byte: UInt8, at position: inout Int) -> Stop? {
        switch state {
        case .between: return stepBetween(byte, at: &position)
        case .initial: return stepInitial(byte, at: &position)
        case .word: return stepWord(byte, at: &position)
        case .dash: return stepDash(byte, at: &position)
        case .slash: return stepSlash(byte, at: &position)
        case .dollarTag: stepDollarTag(byte, at: &position)
        case .unicodePrefix:
            state = byte == .quote ? .string(escapes: false) : .initial
            if byte == .quote { position += 1 } else { retry() }
        case .lineComment:
            if byte == .newline || byte == .carriageReturn { state = commentReturnsTo }
            take(byte, at: &position)
        case .blockComment, .blockCommentStar, .blockCommentSlash:
            stepBlockComment(byte)
            take(byte, at: &position)
        case .dollarBody:
            matchDollar(byte)
            take(byte, at: &position)
        default:
            stepQuoted(byte, at: &position)
        }
        return nil
    }

    /// A byte that is looked at again in another state must not advance the multi-byte character it is part of twice.
    mutating func retry() { trail.stepBack() }

    mutating func take(_ byte: UInt8, at position: inout Int) {
        if byte == .newline { line += 1 }
        position += 1
    }
}
