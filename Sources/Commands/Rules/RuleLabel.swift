import ArgumentParser

/// A label that every rule gets, for Alertmanager's routes.
struct RuleLabel: Equatable {
    let name: String
    let value: String

    /// Labels that say which alert it is and of which database: another value would make two alerts one.
    private static let reserved: Set<String> = ["alertname", "database"]

    /// `NAME=VALUE`. A name has letters, digits and underscores and does not begin with a digit, nor with two underscores
    /// (https://prometheus.io/docs/concepts/data_model/). A value may be a template, as everywhere in rules.
    init(_ text: String) throws {
        guard let equals = text.firstIndex(of: "=") else {
            throw ValidationError("\"\(text)\" is not NAME=VALUE")
        }
        (name, value) = (String(text[..<equals]), String(text[text.index(after: equals)...]))
        let isName = name.wholeMatch(of: #/[a-zA-Z_][a-zA-Z0-9_]*/#) != nil && !name.hasPrefix("__")
        guard isName else { throw ValidationError("\"\(name)\" is no name of a label") }
        guard !Self.reserved.contains(name) else {
            throw ValidationError("the label \(name) says which alert it is: give yours another name")
        }
        guard !value.isEmpty else { throw ValidationError("the label \(name) has no value") }
    }
}
