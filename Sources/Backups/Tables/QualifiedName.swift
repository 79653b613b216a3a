/// Names as people write them on the command line and in the configuration: `public.orders`, `"Odd.Name"`.
package enum QualifiedName {
    /// Parts between dots; a part in double quotes may hold dots, and doubled quotes.
    /// - Returns: `nil` for an empty part, or a quote that is not closed.
    package static func parts(_ text: String) -> [String]? {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                part.append("\"")
                scalars = scalars.dropFirst()
            case "\"": isQuoted.toggle()
            case "." where !isQuoted:
                parts.append(part)
                part = ""
            default: part.unicodeScalars.append(scalar)
            }
        }
        parts.append(part)
        return isQuoted || parts.contains(where: \.isEmpty) ? nil : parts
    }
}

extension TableName {
    /// What ``init(parsing:)`` takes, for messages.
    package static let expectation = "TABLE or SCHEMA.TABLE"

    /// `TABLE` (of public) or `SCHEMA.TABLE`.
    package init?(parsing text: String) {
        guard let parts = QualifiedName.parts(text), (1...2).contains(parts.count), let name = parts.last else {
            return nil
        }
        self.init(schema: parts.count == 2 ? parts[0] : "public", name: name)
    }
}
