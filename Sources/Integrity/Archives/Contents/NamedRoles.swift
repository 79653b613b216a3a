/// The roles that a definition in a table of contents names: grantees, grantors, those of a policy or a user mapping.
///
/// pg_dump writes these statements itself and in few shapes (PostgreSQL 18 src/bin/pg_dump/dumputils.c,
/// buildACLCommands and buildDefaultACLCommands; pg_dump.c, dumpPolicy and dumpUserMappings), so words suffice.
struct NamedRoles {
    private enum Word: Equatable {
        case bare(String)
        case quoted(String)
        case symbol(UInt8)

        func isKeyword(_ keyword: String) -> Bool { self == .bare(keyword) }
    }

    private var rest: ArraySlice<UInt8>
    private var roles: Set<String> = []

    static func roles(in definition: [UInt8]) -> Set<String> {
        var reader = NamedRoles(rest: definition[...])
        reader.readStatements()
        return reader.roles
    }

    private init(rest: ArraySlice<UInt8>) {
        self.rest = rest
    }

    private mutating func readStatements() {
        var depth = 0
        var previous: Word?
        while let word = nextWord() {
            switch word {
            case .symbol(UInt8(ascii: "(")): depth += 1
            case .symbol(UInt8(ascii: ")")): depth -= 1
            case .bare("to"), .bare("from"), .bare("authorization"): if depth == 0 { readList() }
            case .bare("role"), .bare("by"): if depth == 0 { readList() }
            case .bare("for") where previous == .bare("mapping"): readList()
            default: break
            }
            previous = word
        }
    }

    /// Names between commas.
    private mutating func readList() {
        repeat {
            switch nextWord() {
            case .quoted(let name): roles.insert(name)
            case .bare(let name) where !["public", "current_user", "session_user", "current_role"].contains(name):
                roles.insert(name)
            default: break
            }
        } while takeComma()
    }

    private mutating func takeComma() -> Bool {
        let before = rest
        if nextWord() == .symbol(UInt8(ascii: ",")) { return true }
        rest = before
        return false
    }

    /// Bare words are folded to lower case, as the server does.
    private mutating func nextWord() -> Word? {
        rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let first = rest.first else { return nil }
        if first == UInt8(ascii: "\"") { return .quoted(takeQuoted(first)) }
        if first == UInt8(ascii: "'") {
            _ = takeQuoted(first)
            return .symbol(first)
        }
        let word = rest.prefix { Self.isPartOfWord($0) }
        guard !word.isEmpty else {
            rest.removeFirst()
            return .symbol(first)
        }
        rest = rest[word.endIndex...]
        return .bare(String(decoding: word, as: UTF8.self).lowercased())
    }

    private mutating func takeQuoted(_ quote: UInt8) -> String {
        var text: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            guard byte == quote else {
                text.append(byte)
                continue
            }
            guard rest.first == quote else { break }
            text.append(quote)
            rest.removeFirst()
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
            true
        default: false
        }
    }
}
