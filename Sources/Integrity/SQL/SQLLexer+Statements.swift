/// The rules outside of quotes and comments.
extension SQLLexer {
    mutating func stepBetween(_ byte: UInt8, at position: inout Int) -> Stop? {
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

    mutating func stepInitial(_ byte: UInt8, at position: inout Int) -> Stop? {
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

    mutating func stepWord(_ byte: UInt8, at position: inout Int) -> Stop? {
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
        if isFirst, byte == .colon || (wantsKnownVerbs && !words.lastIsVerb) { return .notSQL }
        retry()
        return nil
    }

    mutating func stepDash(_ byte: UInt8, at position: inout Int) -> Stop? {
        guard byte == .dash else { return leaveOperator() }
        position += 1
        state = .lineComment
        return commentReturnsTo == .between ? .commentBegins : nil
    }

    mutating func stepSlash(_ byte: UInt8, at position: inout Int) -> Stop? {
        guard byte == UInt8(ascii: "*") else { return leaveOperator() }
        position += 1
        commentDepth = 1
        state = .blockComment
        return nil
    }

    /// What was taken for the start of a comment when ``Stop/notSQL`` is said, and stands before the position.
    var loneOperator: UInt8? {
        switch state {
        case .dash: .dash
        case .slash: .slash
        default: nil
        }
    }

    /// A lone `-` or `/`: an operator in a statement, and nothing that a statement begins with.
    mutating func leaveOperator() -> Stop? {
        if commentReturnsTo == .between { return .notSQL }
        state = .initial
        retry()
        return nil
    }
}
