/// Sections of `key = value`; a key without a value begins a block of indented ones, which are named after it. Keys are in lower case,
/// however they are written.
///
/// A `#` or `;` behind a blank begins a comment, as for the SDKs for Java, Go and JavaScript. That for Python takes it for a part of
/// the value, which no key, region or address could have.
struct IniFile {
    let sections: [String: [String: String]]

    init(_ text: String) {
        var sections: [String: [String: String]] = [:]
        var section: String?
        var parent: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = line.trimmed
            guard let first = trimmed.first, first != "#", first != ";" else { continue }
            if first == "[" {
                section = Self.sectionName(trimmed.dropFirst().prefix { $0 != "]" })
                parent = nil
                continue
            }
            guard let section, let equals = trimmed.firstIndex(of: "=") else { continue }
            let key = trimmed[..<equals].trimmed.lowercased()
            let value = Self.value(trimmed[trimmed.index(after: equals)...])
            let isNested = line.first?.isWhitespace == true
            if isNested, let parent {
                sections[section, default: [:]]["\(parent).\(key)"] = value
            } else {
                parent = value.isEmpty ? key : nil
                sections[section, default: [:]][key] = value
            }
        }
        self.sections = sections
    }

    private static func value(_ text: Substring) -> String {
        var former: Character?
        let isComment: (Character) -> Bool = { character in
            defer { former = character }
            return (character == "#" || character == ";") && former?.isWhitespace == true
        }
        return String(text.prefix { !isComment($0) }.trimmed)
    }

    /// The name of a profile may stand in quotes, as a shell takes them (botocore's `configloader.py`).
    private static func sectionName(_ text: Substring) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        if words.count > 1, words[0] == "profile" {
            let name = text.trimmed.dropFirst(words[0].count).trimmed
            if let quote = name.first, quote == "\"" || quote == "'", name.count > 2, name.last == quote {
                return "profile \(name.dropFirst().dropLast())"
            }
        }
        return words.joined(separator: " ")
    }
}
