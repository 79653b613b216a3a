import Integrity

/// A statement as it is shown to people, and as the lists of known errors look at it.
struct StatementText: Sendable {
    /// The first ``limit`` characters on one line, comments and all.
    let shown: String
    /// The first words in capitals.
    let words: [String]

    private static let limit = 300

    init(_ bytes: some Collection<UInt8>) {
        let head = String(decoding: bytes.prefix(Self.limit * 2), as: UTF8.self)
        let parts = head.split(whereSeparator: \.isWhitespace)
        let line = parts.joined(separator: " ")
        shown = line.count > Self.limit || bytes.count > Self.limit * 2 ? line.prefix(Self.limit) + " …" : line
        words = parts.prefix(12).map { $0.uppercased() }
    }

    init(_ text: String) { self.init(Array(text.utf8)) }

    /// Whether the statement begins with these words, as `"DROP"` or `"CREATE SCHEMA PUBLIC"`.
    func begins(with text: String) -> Bool {
        let wanted = text.split(separator: " ")
        return words.count >= wanted.count && zip(words, wanted).allSatisfy { $0 == $1 }
    }

    /// Whether the words stand next to each other among the first ones.
    func contains(_ text: String) -> Bool {
        let wanted = text.split(separator: " ").map(String.init)
        guard words.count >= wanted.count else { return false }
        return (0...(words.count - wanted.count)).contains { words[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }

    /// The name of a setting in `SET name = …`.
    var settingName: String? {
        guard words.first == "SET", words.count > 1 else { return nil }
        return words[1].prefix(while: { $0 != "=" }).lowercased()
    }

    /// The extension that the statement makes, comments or changes; `nil` for any other statement.
    var extensionName: String? {
        guard words.contains("EXTENSION"), let verb = words.first, ["CREATE", "COMMENT", "ALTER"].contains(verb),
            begins(with: "CREATE EXTENSION") || begins(with: "COMMENT ON EXTENSION") || begins(with: "ALTER EXTENSION")
        else { return nil }
        let names = shown.split(separator: " ").drop { $0.uppercased() != "EXTENSION" }.dropFirst()
            .drop { ["IF", "NOT", "EXISTS"].contains($0.uppercased()) }
        return names.first.map { name in name.filter { $0 != "\"" && $0 != ";" } }
    }
}
