package import Backups

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

    private static func section(_ path: String, _ record: KeyRecord) -> [JSONValue.Member] {
        let keys = record.sections[path] ?? []
        let required = keys.filter { $0.isRequired || alsoRequired[path]?.contains($0.name) == true }
        var members: [JSONValue.Member] = [
            .init("type", .string("object")), .init("additionalProperties", .bool(false)),
        ]
        if !required.isEmpty { members.append(.init("required", .array(required.map { .string($0.name) }))) }
        members.append(.init("properties", .object(keys.map { .init($0.name, property($0, in: path, record)) })))
        return members
    }

    private static func property(_ key: KeyRecord.Key, in section: String, _ record: KeyRecord) -> JSONValue {
        let path = ConfigurationKeys.path(of: key.name, in: section)
        let description: [JSONValue.Member] = [.init("description", .string(KeyDescriptions.text(of: path)))]
        let isRequired = key.isRequired || alsoRequired[section]?.contains(key.name) == true
        let form = form(key.form, at: path, record)
        // A key with nothing behind it is one that is left out.
        let nothing: [JSONValue] = isRequired ? [] : [.object([.init("type", .string("null"))])]
        return .object(description + [.init("anyOf", .array([.object(form)] + nothing))])
    }

    private static func form(
        _ form: KeyRecord.Form, at path: String, _ record: KeyRecord
    ) -> [JSONValue.Member] {
        switch form {
        case .section: section(path, record)
        case .sections:
            [.init("type", .string("array")), .init("items", .object(section(path + "[]", record)))]
        case .texts: [.init("type", .string("array")), .init("items", SchemaType.value(expectation: nil))]
        case .text(let expectation): members(SchemaType.value(expectation: expectation))
        case .anything:
            tables[path].map { [.init("type", .string("object")), .init("additionalProperties", $0)] } ?? []
        }
    }

    private static func members(_ value: JSONValue) -> [JSONValue.Member] {
        if case .object(let members) = value { members } else { [] }
    }
}
