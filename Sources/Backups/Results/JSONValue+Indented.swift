extension JSONValue {
    /// For people and for files that are kept under version control: two blanks for each level, a member on each line. What
    /// holds nothing but plain values and fits on one line stays there. Without a newline at the end.
    package var indentedText: String { indented(by: "") }

    private func indented(by indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .array(let elements) where !fitsOneLine:
            let lines = elements.map { inner + $0.indented(by: inner) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        case .object(let members) where !fitsOneLine:
            let lines = members.map { "\(inner)\(JSONValue.string($0.key).text): \($0.value.indented(by: inner))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements): return "[" + elements.map(\.text).joined(separator: ", ") + "]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let texts = members.map { "\(JSONValue.string($0.key).text): \($0.value.text)" }
            return "{ \(texts.joined(separator: ", ")) }"
        default: return text
        }
    }

    private var fitsOneLine: Bool {
        switch self {
        case .array(let elements): elements.allSatisfy(\.isPlain) && text.utf8.count <= 80
        case .object(let members): members.allSatisfy(\.value.isPlain) && text.utf8.count <= 80
        default: true
        }
    }

    private var isPlain: Bool {
        switch self {
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: true
        }
    }
}
