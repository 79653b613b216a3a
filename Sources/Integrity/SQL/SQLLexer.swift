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

    private(set) var state = State.between
    /// `standard_conforming_strings`: off makes backslashes in plain strings escapes.
    var standardStrings = true
    var encoding = ClientEncoding.utf8
    /// Line of the next byte, from 1.
    var line: UInt64 = 1

    var parenthesisDepth = 0
    var words = SQLWordTracker()
    /// Parenthesised groups after `VALUES` at depth 0: the rows of an `INSERT`.
    private(set) var valueGroups: UInt64 = 0

    /// Comment depth, and where to go back to when a comment ends.
    private var commentDepth = 0
    private var commentReturnsTo = State.between
    private var dollarDelimiter: [UInt8] = []
    private var dollarMatched = 0
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
            if case .string(let escapes) = state, encoding.isSafe {
                skipString(chunk, from: &position, escapes: escapes)
                guard position < chunk.count else { break }
            } else if state == .dollarBody, dollarMatched == 0 {
                skipDollarBody(chunk, from: &position)
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
    private mutating func retry() { trail.stepBack() }

    private mutating func take(_ byte: UInt8, at position: inout Int) {
        if byte == .newline { line += 1 }
        position += 1
    }
}

// MARK: - Outside quotes

extension SQLLexer {
    private mutating func stepBetween(_ byte: UInt8, at position: inout Int) -> Stop? {
        switch byte {
        case .space, .tab, .newline, .carriageReturn, .formFeed, .semicolon:
            take(byte, at: &position)
        case .dash:
            (state, commentReturnsTo) = (.dash, .between)
            position += 1
        case .slash:
            (state, commentReturnsTo) = (.slash, .between)
            position += 1
        case .backslash:
            position += 1
            return .command
        case .openParenthesis, UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            reset()
            state = .initial
            return .statementBegins
        default:
            return .notSQL
        }
        return nil
    }

    private mutating func stepInitial(_ byte: UInt8, at position: inout Int) -> Stop? {
        switch byte {
        case _ where byte.startsIdentifier:
            words.begin(byte)
            state = .word
        case .quote: state = .string(escapes: !standardStrings)
        case .doubleQuote: state = .quotedIdentifier
        case .dollar:
            dollarDelimiter = [.dollar]
            state = .dollarTag
        case .dash: (state, commentReturnsTo) = (.dash, .initial)
        case .slash: (state, commentReturnsTo) = (.slash, .initial)
        case .backslash:
            position += 1
            return .command
        case .openParenthesis:
            if parenthesisDepth == 0, words.isInValues { valueGroups += 1 }
            parenthesisDepth += 1
        case .closeParenthesis: parenthesisDepth = max(0, parenthesisDepth - 1)
        case .semicolon where parenthesisDepth == 0 && words.routineDepth == 0:
            position += 1
            state = .between
            return .statementEnds
        default: break
        }
        take(byte, at: &position)
        return nil
    }

    private mutating func stepWord(_ byte: UInt8, at position: inout Int) -> Stop? {
        if byte.continuesIdentifier {
            words.append(byte)
            position += 1
            return nil
        }
        if let prefix = words.singleLetter {
            switch (prefix, byte) {
            case (UInt8(ascii: "e"), .quote):
                state = .string(escapes: true)
                position += 1
                return nil
            case (UInt8(ascii: "b"), .quote), (UInt8(ascii: "x"), .quote):
                state = .string(escapes: false)
                position += 1
                return nil
            case (UInt8(ascii: "u"), UInt8(ascii: "&")):
                state = .unicodePrefix
                position += 1
                return nil
            default: break
            }
        }
        let isFirst = words.count == 0
        words.end(atDepth: parenthesisDepth)
        state = .initial
        if isFirst, byte == .colon { return .notSQL }
        retry()
        return nil
    }

    private mutating func stepDash(_ byte: UInt8, at position: inout Int) -> Stop? {
        guard byte == .dash else { return leaveOperator() }
        position += 1
        state = .lineComment
        return commentReturnsTo == .between ? .commentBegins : nil
    }

    private mutating func stepSlash(_ byte: UInt8, at position: inout Int) -> Stop? {
        guard byte == UInt8(ascii: "*") else { return leaveOperator() }
        position += 1
        commentDepth = 1
        state = .blockComment
        return nil
    }

    /// A lone `-` or `/`: an operator in a statement, and nothing that a statement begins with.
    private mutating func leaveOperator() -> Stop? {
        if commentReturnsTo == .between { return .notSQL }
        state = .initial
        retry()
        return nil
    }
}

// MARK: - Inside quotes and comments

extension SQLLexer {
    /// The bulk of a string that needs no thought.
    private mutating func skipString(_ chunk: UnsafeRawBufferPointer, from position: inout Int, escapes: Bool) {
        var index = position
        var lines: UInt64 = 0
        while index < chunk.count {
            let byte = chunk[index]
            if byte == .quote || byte == 0 || (escapes && byte == .backslash) { break }
            if byte == .newline { lines += 1 }
            index += 1
        }
        line += lines
        position = index
    }

    private mutating func skipDollarBody(_ chunk: UnsafeRawBufferPointer, from position: inout Int) {
        var index = position
        while index < chunk.count, chunk[index] != .dollar, chunk[index] != 0, chunk[index] < 0x80 {
            if chunk[index] == .newline { line += 1 }
            index += 1
        }
        position = index
    }

    private mutating func stepQuoted(_ byte: UInt8, at position: inout Int) {
        switch state {
        case .string(let escapes):
            if byte == .quote { state = .stringQuote(escapes: escapes) }
            if byte == .backslash, escapes { state = .stringBackslash }
            take(byte, at: &position)
        case .stringBackslash:
            state = .string(escapes: true)
            take(byte, at: &position)
        case .stringQuote(let escapes):
            if byte == .quote {
                state = .string(escapes: escapes)
                position += 1
            } else {
                state = .initial
                retry()
            }
        default:
            if byte == .doubleQuote { state = .initial }
            take(byte, at: &position)
        }
    }

    /// Comments nest. `/*/` opens only, `**/` closes.
    private mutating func stepBlockComment(_ byte: UInt8) {
        switch (state, byte) {
        case (.blockCommentStar, .slash):
            commentDepth -= 1
            state = commentDepth == 0 ? commentReturnsTo : .blockComment
        case (.blockCommentSlash, UInt8(ascii: "*")):
            commentDepth += 1
            state = .blockComment
        case (_, UInt8(ascii: "*")): state = .blockCommentStar
        case (_, .slash): state = .blockCommentSlash
        default: state = .blockComment
        }
    }

    private mutating func stepDollarTag(_ byte: UInt8, at position: inout Int) {
        let continues = dollarDelimiter.count == 1 ? byte.startsIdentifier : byte.continuesIdentifier
        if byte == .dollar {
            dollarDelimiter.append(byte)
            dollarMatched = 0
            state = .dollarBody
            position += 1
        } else if continues {
            dollarDelimiter.append(byte)
            position += 1
        } else {
            // Not a quote: the dollar stands alone, and what followed it is a word.
            if dollarDelimiter.count > 1 {
                words.begin(dollarDelimiter[1])
                for byte in dollarDelimiter.dropFirst(2) { words.append(byte) }
                words.end(atDepth: parenthesisDepth)
            }
            state = .initial
            retry()
        }
    }

    /// Only the two ends of a delimiter are dollars, so a match that fails can begin again only at a dollar.
    private mutating func matchDollar(_ byte: UInt8) {
        if byte == dollarDelimiter[dollarMatched] {
            dollarMatched += 1
            if dollarMatched == dollarDelimiter.count { state = .initial }
        } else {
            dollarMatched = byte == .dollar ? 1 : 0
        }
    }
}
