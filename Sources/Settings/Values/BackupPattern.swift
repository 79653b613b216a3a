package import Backups

/// Which files of a location are backups of a database, by name: `shop-{time:yyyyMMdd-HHmmss}.sql*`.
///
/// `*` stands for any letters, `?` for one, `{database}` for the database's name, and `{time:…}` for a time written
/// with `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss` (UTC) and letters that stand for themselves.
package struct BackupPattern: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case literal(String)
        case anyLetter
        case anyLetters
        case number(field: Int, width: Int)
    }

    private static let fields: [(letters: String, field: Int)] = [
        ("yyyy", 0), ("MM", 1), ("dd", 2), ("HH", 3), ("mm", 4), ("ss", 5),
    ]

    package let text: String
    private let parts: [Part]
    private let hasTime: Bool

    /// - Returns: `nil` when a `{…}` is not known or not closed.
    package init?(_ text: String, database: String) {
        self.text = text
        var parts: [Part] = []
        var hasTime = false
        var rest = Substring(text)
        while let letter = rest.first {
            switch letter {
            case "*": parts.append(.anyLetters)
            case "?": parts.append(.anyLetter)
            case "{":
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let name = rest[..<end].dropFirst()
                rest = rest[end...]
                if name == "database" {
                    parts.append(.literal(database))
                } else if name.hasPrefix("time:"), name.count > 5, !hasTime {
                    parts += Self.timeParts(name.dropFirst(5))
                    hasTime = true
                } else {
                    return nil
                }
            default: parts.append(.literal(String(letter)))
            }
            rest = rest.dropFirst()
        }
        guard !parts.isEmpty else { return nil }
        self.parts = parts
        self.hasTime = hasTime
    }

    /// Whether `name` matches, and the time it holds. In time that grows with the product of both lengths, whatever the
    /// name: who can write to a location must not be able to hold up its listing.
    package func match(_ name: String) -> (isMatch: Bool, time: Timestamp?) {
        var matcher = Matcher(name: Array(name), parts: parts)
        guard matcher.matches(0, 0) else { return (false, nil) }
        let numbers = matcher.numbers
        guard hasTime else { return (true, nil) }
        func digits(_ field: Int, _ width: Int, default value: Int64) -> String {
            let text = String(numbers[field] ?? value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let date = "\(digits(0, 4, default: 0))-\(digits(1, 2, default: 1))-\(digits(2, 2, default: 1))"
        let clock = "\(digits(3, 2, default: 0)):\(digits(4, 2, default: 0)):\(digits(5, 2, default: 0))"
        let time = Timestamp("\(date)T\(clock)Z")
        return (time != nil, time)
    }

    private static func timeParts(_ format: Substring) -> [Part] {
        var parts: [Part] = []
        var rest = format
        while let letter = rest.first {
            if let field = fields.first(where: { rest.hasPrefix($0.letters) }) {
                parts.append(.number(field: field.field, width: field.letters.count))
                rest = rest.dropFirst(field.letters.count)
            } else {
                parts.append(.literal(String(letter)))
                rest = rest.dropFirst()
            }
        }
        return parts
    }

    private struct Matcher {
        let name: [Character]
        let parts: [Part]
        var numbers = [Int64?](repeating: nil, count: 6)
        /// Places from which the rest is known not to match; what was read before does not change that.
        private var failed: Set<Int> = []

        init(name: [Character], parts: [Part]) {
            self.name = name
            self.parts = parts
        }

        /// Whether the name from `position` on matches the parts from `part` on.
        mutating func matches(_ position: Int, _ part: Int) -> Bool {
            guard part < parts.count else { return position == name.count }
            let place = position * parts.count + part
            guard !failed.contains(place) else { return false }
            let isMatch = matchesUnknown(position, part)
            if !isMatch { failed.insert(place) }
            return isMatch
        }

        private mutating func matchesUnknown(_ position: Int, _ part: Int) -> Bool {
            switch parts[part] {
            case .literal(let text):
                let end = position + text.count
                return end <= name.count && name[position..<end].elementsEqual(text) && matches(end, part + 1)
            case .anyLetter: return position < name.count && matches(position + 1, part + 1)
            case .anyLetters:
                return matches(position, part + 1) || (position < name.count && matches(position + 1, part))
            case .number(let field, let width):
                let end = position + width
                guard end <= name.count, name[position..<end].allSatisfy({ ("0"..."9").contains($0) }) else {
                    return false
                }
                numbers[field] = Int64(String(name[position..<end]))
                return matches(end, part + 1)
            }
        }
    }
}
