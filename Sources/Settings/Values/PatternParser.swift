/// Reads the text of a ``BackupPattern``.
struct PatternParser {
    private(set) var parts: [BackupPattern.Part] = []
    private var fields: Set<NameClock.Field> = []

    var hasTime: Bool { !fields.isEmpty }

    init(_ text: String) throws {
        guard !text.isEmpty else { throw PatternProblem("it is empty") }
        guard !text.hasPrefix("/") else {
            throw PatternProblem("it is about the path below the location, which does not begin with /")
        }
        var rest = Substring(text)
        while let letter = rest.first {
            switch letter {
            case "*": rest = appendStars(rest)
            case "?":
                parts.append(.anyLetter)
                rest = rest.dropFirst()
            case "{": rest = try appendPlaceholder(rest)
            default:
                append(literal: letter)
                rest = rest.dropFirst()
            }
        }
        guard fields.isEmpty || fields.contains(.year) else { throw PatternProblem("its time has no year (yyyy)") }
    }

    private mutating func appendStars(_ text: Substring) -> Substring {
        let rest = text.drop { $0 == "*" }
        guard text.hasPrefix("**") else {
            parts.append(.anyLetters(isDeep: false))
            return rest
        }
        if rest.first == "/", startsName {
            parts.append(.anyDirectories)
            return rest.dropFirst()
        }
        parts.append(.anyLetters(isDeep: true))
        return rest
    }

    /// Whether what comes next is the beginning of a name.
    private var startsName: Bool {
        switch parts.last {
        case nil, .anyDirectories: true
        case .literal(let text): text.last == UInt8(ascii: "/")
        default: false
        }
    }

    private mutating func appendPlaceholder(_ text: Substring) throws -> Substring {
        guard let end = text.firstIndex(of: "}") else { throw PatternProblem("a { has no }") }
        let name = text[..<end].dropFirst()
        if name == "database" {
            guard parts.last != .database else { throw PatternProblem("{database}{database} can't be told apart") }
            parts.append(.database)
        } else if name.hasPrefix("time:"), name.count > 5 {
            try appendTime(name.dropFirst(5))
        } else {
            throw PatternProblem("{\(name)} is neither {database} nor {time:yyyyMMdd-HHmmss}")
        }
        return text[text.index(after: end)...]
    }

    private mutating func appendTime(_ format: Substring) throws {
        var rest = format
        while let letter = rest.first {
            if let field = NameClock.Field.allCases.first(where: { rest.hasPrefix($0.rawValue) }) {
                guard fields.insert(field).inserted else {
                    throw PatternProblem("\(field.rawValue) stands there twice")
                }
                parts.append(.number(field))
                rest = rest.dropFirst(field.width)
            } else {
                append(literal: letter)
                rest = rest.dropFirst()
            }
        }
    }

    private mutating func append(literal letter: Character) {
        if case .literal(let text) = parts.last {
            parts[parts.count - 1] = .literal(text + Array(letter.utf8))
        } else {
            parts.append(.literal(Array(letter.utf8)))
        }
    }
}
