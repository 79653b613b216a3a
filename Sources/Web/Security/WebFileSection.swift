import Backups
import Yams

/// One mapping of the web configuration file.
struct WebFileSection {
    private let name: String
    private let values: [(key: String, node: Node)]

    /// - Parameter known: the keys it may have; `nil` where any will do.
    /// - Throws: ``Obstacle`` where it is no mapping, or has a key that is not known.
    init(_ node: Node, name: String, known: [String]?) throws {
        self.name = name
        guard case .mapping(let mapping) = node else {
            values = []
            throw Self.obstacle("\(name.isEmpty ? "the file" : name) must be a mapping of keys to values", at: node)
        }
        var values: [(key: String, node: Node)] = []
        for (key, value) in mapping {
            let word = key.scalar?.string ?? ""
            if let known, !known.contains(word) {
                throw Self.obstacle(
                    "\(Self.path(name, word)) is not a key that is known here", at: key,
                    hint: "known are: \(known.joined(separator: ", "))")
            }
            values.append((word, value))
        }
        self.values = values
    }

    private static func path(_ name: String, _ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    var names: [String] { values.map(\.key) }

    subscript(key: String) -> Node? { values.first { $0.key == key }?.node }

    /// - Returns: `nil` where the key is absent or empty.
    func text(_ key: String) throws -> String? {
        guard let node = self[key] else { return nil }
        guard case .scalar(let scalar) = node else {
            throw obstacle("\(Self.path(name, key)) must be one value", at: node)
        }
        return scalar.string.isEmpty ? nil : scalar.string
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ key: String) throws -> Value?
    where Value.RawValue == String {
        guard let text = try text(key) else { return nil }
        guard let value = Value(rawValue: text) else {
            throw obstacle(
                "\(Self.path(name, key)) can't be \(text)", at: self[key],
                hint: "it may be: \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    func obstacle(_ message: String, at node: Node?, hint: String? = nil) -> Obstacle {
        Self.obstacle(message, at: node, hint: hint)
    }

    private static func obstacle(_ message: String, at node: Node?, hint: String? = nil) -> Obstacle {
        let place = node?.mark.map { "line \($0.line), column \($0.column): " } ?? ""
        return WebFile.obstacle("web configuration: \(place)\(message)", hint: hint)
    }
}
