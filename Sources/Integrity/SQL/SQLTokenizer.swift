/// The tokens of one whole statement, in order. For the statements' heads and names; it does not judge.
///
/// The same lexical rules as ``SQLLexer`` has, over bytes that are all there.
struct SQLTokenizer: IteratorProtocol {
    private let text: [UInt8]
    private let standardStrings: Bool
    private let encoding: ClientEncoding
    private var index = 0

    init(_ text: [UInt8], standardStrings: Bool, encoding: ClientEncoding) {
        self.text = text
        self.standardStrings = standardStrings
        self.encoding = encoding
    }

    mutating func next() -> SQLToken? {
        skipSpaceAndComments()
        guard index < text.count else { return nil }
        let start = index
        let kind = scanToken()
        return SQLToken(kind: kind, range: start..<index)
    }

    private func byte(_ offset: Int) -> UInt8 {
        index + offset < text.count ? text[index + offset] : 0
    }

    private mutating func scanToken() -> SQLToken.Kind {
        let first = byte(0)
        switch first {
        case .quote:
            skipString(escapes: !standardStrings)
            return standardStrings ? .string : .escapeString
        case .doubleQuote:
            skipQuotedName()
            return .quotedName
        case .dollar: return skipDollar()
        case _ where first.isDigit:
            while byte(0).isDigit || byte(0) == .dot && byte(1).isDigit { index += 1 }
            return .number
        case _ where first.startsIdentifier: return scanWord(first.lowercased)
        default:
            index += 1
            return .symbol(first)
        }
    }

    private mutating func scanWord(_ first: UInt8) -> SQLToken.Kind {
        if byte(1) == .quote {
            switch first {
            case UInt8(ascii: "e"):
                index += 1
                skipString(escapes: true)
                return .escapeString
            case UInt8(ascii: "b"), UInt8(ascii: "x"), UInt8(ascii: "n"):
                index += 1
                skipString(escapes: false)
                return .string
            default: break
            }
        }
        if first == UInt8(ascii: "u"), byte(1) == UInt8(ascii: "&") {
            if byte(2) == .doubleQuote {
                index += 2
                skipQuotedName()
                return .unicodeName
            }
            if byte(2) == .quote {
                index += 2
                skipString(escapes: false)
                return .string
            }
        }
        while index < text.count, text[index].continuesIdentifier { advance() }
        return .word
    }

    /// One character, whatever bytes it has.
    private mutating func advance() {
        let lead = text[index]
        index += 1
        guard !encoding.isSafe else { return }
        var trail = encoding.trailCount(ofLead: lead)
        if trail > 0, encoding == .gb18030, byte(0).isDigit { trail = 3 }
        index = min(index + trail, text.count)
    }

    private mutating func skipString(escapes: Bool) {
        index += 1
        while index < text.count {
            if text[index] == .quote {
                guard byte(1) == .quote else {
                    index += 1
                    return
                }
                index += 2
            } else if escapes, text[index] == .backslash {
                index = min(index + 2, text.count)
            } else {
                advance()
            }
        }
    }

    private mutating func skipQuotedName() {
        index += 1
        while index < text.count {
            if text[index] == .doubleQuote {
                guard byte(1) == .doubleQuote else {
                    index += 1
                    return
                }
                index += 2
            } else {
                advance()
            }
        }
    }

    private mutating func skipDollar() -> SQLToken.Kind {
        var end = index + 1
        while end < text.count, text[end] != .dollar, text[end].continuesIdentifier { end += 1 }
        guard end < text.count, text[end] == .dollar, end == index + 1 || text[index + 1].startsIdentifier else {
            index += 1
            return .symbol(.dollar)
        }
        let delimiter = text[index...end]
        index = end + 1
        while index < text.count {
            if text[index] == .dollar, text[index...].starts(with: delimiter) {
                index += delimiter.count
                return .dollarString
            }
            index += 1
        }
        return .dollarString
    }

    private mutating func skipSpaceAndComments() {
        while index < text.count {
            if text[index].isSpace {
                index += 1
            } else if text[index] == .dash, byte(1) == .dash {
                while index < text.count, text[index] != .newline, text[index] != .carriageReturn { index += 1 }
            } else if text[index] == .slash, byte(1) == UInt8(ascii: "*") {
                skipBlockComment()
            } else {
                return
            }
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        while index < text.count {
            if text[index] == .slash, byte(1) == UInt8(ascii: "*") {
                depth += 1
                index += 2
            } else if text[index] == UInt8(ascii: "*"), byte(1) == .slash {
                depth -= 1
                index += 2
                if depth == 0 { return }
            } else {
                index += 1
            }
        }
    }
}
