/// Walks over the tokens of one statement: keywords, names, literals.
struct StatementCursor {
    let text: [UInt8]
    private let encoding: ClientEncoding
    private var tokenizer: SQLTokenizer
    private(set) var current: SQLToken?

    init(_ text: [UInt8], standardStrings: Bool = true, encoding: ClientEncoding = .utf8) {
        self.text = text
        self.encoding = encoding
        tokenizer = SQLTokenizer(text, standardStrings: standardStrings, encoding: encoding)
        current = tokenizer.next()
    }

    var isAtEnd: Bool { current == nil }

    mutating func advance() { current = tokenizer.next() }

    /// The current token's word in lower case; `nil` for all but bare words.
    var word: String? {
        guard let current, current.kind == .word else { return nil }
        return String(decoding: text[current.range].lazy.map(\.lowercased), as: UTF8.self)
    }

    func isWord(_ expected: StaticString) -> Bool {
        guard let current, current.kind == .word, current.range.count == expected.utf8CodeUnitCount else {
            return false
        }
        return expected.withUTF8Buffer { $0.elementsEqual(text[current.range].lazy.map(\.lowercased)) }
    }

    func isSymbol(_ symbol: UInt8) -> Bool { current?.kind == .symbol(symbol) }

    /// Goes over the word if it is this one.
    mutating func skip(_ expected: StaticString) -> Bool {
        guard isWord(expected) else { return false }
        advance()
        return true
    }

    mutating func skip(_ words: StaticString...) -> Bool {
        let before = self
        for word in words {
            guard skip(word) else {
                self = before
                return false
            }
        }
        return true
    }

    mutating func skipSymbol(_ symbol: UInt8) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    /// Goes to just after the next place, outside parentheses, where these words stand in a row.
    mutating func find(_ words: StaticString...) -> Bool {
        var depth = 0
        while let token = current {
            if depth == 0, token.kind == .word {
                let before = self
                var all = true
                for word in words where all { all = skip(word) }
                if all { return true }
                self = before
            }
            if token.kind == .symbol(.openParenthesis) { depth += 1 }
            if token.kind == .symbol(.closeParenthesis) { depth -= 1 }
            advance()
        }
        return false
    }

    /// A parenthesised group, gone over.
    mutating func skipGroup() {
        guard isSymbol(.openParenthesis) else { return }
        var depth = 0
        while let token = current {
            advance()
            if token.kind == .symbol(.openParenthesis) { depth += 1 }
            if token.kind == .symbol(.closeParenthesis) { depth -= 1 }
            if depth == 0 { return }
        }
    }

    /// One identifier, as the server knows it: folded when bare, unquoted and decoded.
    mutating func name() -> String? {
        guard let current else { return nil }
        let bytes = text[current.range]
        let decoded: String
        switch current.kind {
        case .word: decoded = encoding.decode(bytes.map(\.lowercased))
        case .quotedName: decoded = encoding.decode(Self.unquoted(bytes, quote: .doubleQuote))
        case .unicodeName:
            decoded = UnicodeEscapes.decode(encoding.decode(Self.unquoted(bytes.dropFirst(2), quote: .doubleQuote)))
        default: return nil
        }
        advance()
        return decoded
    }

    /// `a`, `a.b` or `a.b.c`: at most the last two parts.
    mutating func qualifiedName() -> (schema: String?, name: String)? {
        guard var last = name() else { return nil }
        var schema: String?
        while isSymbol(.dot) {
            advance()
            guard let part = name() else { return nil }
            (schema, last) = (last, part)
        }
        return (schema, last)
    }

    /// A string literal's value.
    mutating func string() -> String? {
        guard let bytes = stringBytes() else { return nil }
        return encoding.decode(bytes)
    }

    private mutating func stringBytes() -> [UInt8]? {
        guard let current else { return nil }
        let bytes = text[current.range]
        let value: [UInt8]
        switch current.kind {
        case .string: value = Self.unquoted(bytes.drop(while: { $0 != .quote }), quote: .quote)
        case .escapeString:
            value = Self.unescaped(Self.unquoted(bytes.drop(while: { $0 != .quote }), quote: .quote))
        case .dollarString:
            let tag = (bytes.dropFirst().firstIndex(of: .dollar) ?? bytes.startIndex) - bytes.startIndex + 1
            value = Array(bytes.dropFirst(tag).dropLast(tag))
        default: return nil
        }
        advance()
        return value
    }

    private static func unquoted(_ bytes: some Collection<UInt8>, quote: UInt8) -> [UInt8] {
        var result: [UInt8] = []
        var isDoubled = false
        for byte in bytes.dropFirst().dropLast() {
            if byte == quote, !isDoubled {
                isDoubled = true
            } else {
                isDoubled = false
                result.append(byte)
            }
        }
        return result
    }

    /// Backslash escapes of one character; enough for names and settings.
    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isEscaped = false
        for byte in bytes {
            if byte == .backslash, !isEscaped {
                isEscaped = true
                continue
            }
            switch (isEscaped, byte) {
            case (true, UInt8(ascii: "n")): result.append(.newline)
            case (true, UInt8(ascii: "t")): result.append(.tab)
            case (true, UInt8(ascii: "r")): result.append(.carriageReturn)
            default: result.append(byte)
            }
            isEscaped = false
        }
        return result
    }
}
