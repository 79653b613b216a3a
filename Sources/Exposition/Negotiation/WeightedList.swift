/// The elements of a header like `Accept` or `Accept-Encoding`, each with its weight (RFC 9110, 12.4.2 and 12.5).
struct WeightedList {
    struct Element {
        /// In lower case, without parameters.
        var name: String
        /// By name in lower case; values without their quotes.
        var parameters: [String: String]
        /// 0 to 1; 0 means "not this".
        var weight: Double
    }

    let elements: [Element]

    /// Elements that make no sense are left out: a client that sends one is answered all the same.
    init(_ header: String) {
        elements = Self.split(header, at: ",").compactMap(Self.element)
    }

    private static func element(_ text: String) -> Element? {
        let parts = split(text, at: ";")
        guard let name = parts.first, !name.isEmpty else { return nil }
        var element = Element(name: name.lowercased(), parameters: [:], weight: 1)
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else { continue }
            let key = trimmed(sides[0]).lowercased()
            let value = unquoted(trimmed(sides[1]))
            if key == "q" {
                guard let weight = Double(value), (0...1).contains(weight) else { return nil }
                element.weight = weight
            } else {
                element.parameters[key] = value
            }
        }
        return element
    }

    /// Parts between separators that stand in no quotes, without the blanks around them.
    private static func split(_ text: String, at separator: Character) -> [String] {
        var parts: [String] = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == separator, !isQuoted {
                parts.append("")
                continue
            }
            parts[parts.count - 1].append(character)
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            }
        }
        return parts.map { trimmed($0[...]) }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let start = text.firstIndex(where: { !isBlank($0) }), let end = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(text[start...end])
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        return String(text.dropFirst().dropLast())
    }
}
