/// A psql backslash command, as it stands in a dump: never executed, only recognised.
enum MetaCommand: Equatable {
    case connect(database: String)
    case restrict(key: String)
    case unrestrict(key: String)
    /// Before a `\connect` to a name that is not plain ASCII.
    case encoding(String)
    case other(String)

    /// - Parameter line: what follows the backslash.
    init(_ line: [UInt8], encoding: ClientEncoding) {
        let text = encoding.decode(line)
        let name = String(text.prefix(while: { !$0.isWhitespace }))
        let arguments = text.dropFirst(name.count).drop(while: \.isWhitespace)
        switch name {
        case "connect", "c":
            self = Self.database(of: Self.words(in: arguments)).map { .connect(database: $0) } ?? .other(name)
        case "restrict": self = .restrict(key: Self.words(in: arguments).first ?? "")
        case "unrestrict": self = .unrestrict(key: Self.words(in: arguments).first ?? "")
        case "encoding":
            let encoding = Self.words(in: arguments).first ?? ""
            let isName = !encoding.isEmpty && encoding.utf8.allSatisfy(\.continuesIdentifier)
            self = isName ? .encoding(encoding) : .other(name)
        default: self = .other(name)
        }
    }

    /// The forms of PostgreSQL 15 src/fe_utils/string_utils.c, `appendPsqlMetaConnect`: a name, a quoted name, and
    /// `-reuse-previous=on "dbname='…'"` where the name has anything but letters, digits, `_` and `.`.
    private static func database(of words: [String]) -> String? {
        guard var name = words.first else { return nil }
        var rest = words.dropFirst()
        if name.hasPrefix("-reuse-previous") {
            guard let value = rest.popFirst() else { return nil }
            name = value
        }
        // Old releases name the user, too. A host or a whole connection string would lead psql elsewhere.
        guard name != "-", rest.count <= 1, !name.contains("://") else { return nil }
        guard name.contains("=") else { return name }
        return name.hasPrefix("dbname=") ? connectionValue(String(name.dropFirst("dbname=".count))) : nil
    }

    /// A value of a connection string: bare, or between quotes with backslash escapes; `nil` when more follows it.
    private static func connectionValue(_ text: String) -> String? {
        guard text.hasPrefix("'") else { return text.contains(where: \.isWhitespace) ? nil : text }
        var value = ""
        var isEscaped = false
        for (index, character) in zip(text.indices, text).dropFirst() {
            if !isEscaped, character == "'" { return text.index(after: index) == text.endIndex ? value : nil }
            if !isEscaped, character == "\\" {
                isEscaped = true
                continue
            }
            value.append(character)
            isEscaped = false
        }
        return nil
    }

    /// Arguments as psql's slash-command lexer sees them (psqlscanslash.l): white space between, `"…"` with doubled
    /// quotes, `'…'`.
    private static func words(in text: Substring) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = text
        while let character = rest.popFirst() {
            if let open = quote {
                if character == open, rest.first == open {
                    word?.append(character)
                    rest.removeFirst()
                } else if character == open {
                    quote = nil
                } else {
                    word?.append(character)
                }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let finished = word { words.append(finished) }
        return words
    }
}
