import Backups

/// The configuration as a JSON schema, for editors and for checks before a deployment.
///
/// Draft 7 (https://json-schema.org/draft-07), which the language server for YAML knows best. Keys, their nesting and what
/// each takes come from the reader itself (``ConfigurationKeys``); the sentences about them from ``KeyDescriptions``.
package enum ConfigurationSchema {
    /// Where the schema of the newest version lies.
    package static let address =
        "https://raw.githubusercontent.com/restorable/restorable/main/schema/restorable.schema.json"

    /// The schema, ending with a newline.
    package static var text: String { value.indentedText + "\n" }

    /// Keys that the reader asks for in words of its own.
    private static let alsoRequired: [String: Set<String>] = ["": ["databases"], "databases[]": ["backups"]]
    /// Sections whose keys are the user's.
    private static let tables: [String: JSONValue] = [
        "databases[].rows.minimum": SchemaType.value(expectation: "a number of rows")
    ]

    private static var value: JSONValue {
        let record = ConfigurationKeys.discover()
        let head: [JSONValue.Member] = [
            .init("$schema", .string("http://json-schema.org/draft-07/schema#")), .init("$id", .string(address)),
            .init("title", .string("Configuration of Restorable")),
        ]
        return .object(head + section("", record) + [.init("definitions", SchemaType.definitions)])
    }

    /// A mapping with the keys of `path`.
    /// - Parameter orNothing: a key with nothing behind it is one that is left out.
    private static func section(_ path: String, _ record: KeyRecord, orNothing: Bool = false) -> [JSONValue.Member] {
        let keys = record.sections[path] ?? []
        let required = keys.filter { isRequired($0, in: path) }
        var members: [JSONValue.Member] = [type("object", orNothing), .init("additionalProperties", .bool(false))]
        if !required.isEmpty { members.append(.init("required", .array(required.map { .string($0.name) }))) }
        members.append(.init("properties", .object(keys.map { .init($0.name, property($0, in: path, record)) })))
        return members
    }

    private static func property(_ key: KeyRecord.Key, in section: String, _ record: KeyRecord) -> JSONValue {
        let path = ConfigurationKeys.path(of: key.name, in: section)
        let description = JSONValue.Member("description", .string(KeyDescriptions.text(of: path)))
        return .object([description] + form(of: key, at: path, record, orNothing: !isRequired(key, in: section)))
    }

    private static func form(
        of key: KeyRecord.Key, at path: String, _ record: KeyRecord, orNothing: Bool
    ) -> [JSONValue.Member] {
        switch key.form {
        case .section: section(path, record, orNothing: orNothing)
        case .sections: [type("array", orNothing), .init("items", .object(section(path + "[]", record)))]
        case .texts: [type("array", orNothing), .init("items", SchemaType.value(expectation: nil))]
        case .text(let expectation): [value(SchemaType.value(expectation: expectation), orNothing)]
        case .anything: tables[path].map { [type("object", orNothing), .init("additionalProperties", $0)] } ?? []
        }
    }

    private static func isRequired(_ key: KeyRecord.Key, in section: String) -> Bool {
        key.isRequired || alsoRequired[section]?.contains(key.name) == true
    }

    private static func type(_ name: String, _ orNothing: Bool) -> JSONValue.Member {
        JSONValue.Member("type", orNothing ? .array([.string(name), .string("null")]) : .string(name))
    }

    /// Never a reference beside other keys: draft 7 has everything beside `$ref` ignored.
    private static func value(_ value: JSONValue, _ orNothing: Bool) -> JSONValue.Member {
        let nothing: [JSONValue] = orNothing ? [.object([.init("type", .string("null"))])] : []
        return JSONValue.Member("anyOf", .array([value] + nothing))
    }
}
