import Backups

/// What the reader expects of a value, as JSON schema. A value that holds a reference (`${env:NAME}`, `${file:PATH}`) is
/// taken everywhere: nobody knows here what stands there.
enum SchemaType {
    /// - Parameter expectation: in the reader's own words; `nil` for any text.
    static func value(expectation: String?) -> JSONValue {
        guard let expectation else { return reference("text") }
        // Limits that follow are for the reader to judge.
        let form = expectation.split(separator: ",").first.map(String.init) ?? expectation
        switch expectation {
        case _ where expectation.hasPrefix(DurationText.expectation): return reference("duration")
        case ByteSize.expectation: return reference("size")
        case Drift.expectation: return reference("drift")
        case "a number of rows": return orReference(integer(least: 0, most: nil))
        case "true or false": return orReference(.object([.init("type", .string("boolean"))]))
        default: break
        }
        if let range = form.wholeMatch(of: #/a number from (\d+) to (\d+)/#) {
            return orReference(integer(least: Int64(range.1), most: Int64(range.2)))
        }
        if let words = form.wholeMatch(of: #/([a-z_]+)(?: or ([a-z_]+))?/#) {
            let choices = [words.1, words.2].compactMap(\.self).map { JSONValue.string(String($0)) }
            return orReference(.object([.init("enum", .array(choices))]))
        }
        return reference("text")
    }

    /// What several keys share.
    static var definitions: JSONValue {
        .object([
            .init("reference", string(#"\$\{(env|file):[^}]+\}"#)),
            // A name may be a number.
            .init(
                "text", .object([.init("type", .array([.string("string"), .string("number"), .string("boolean")]))])),
            .init("duration", orReference(string("^([0-9]+(ms|s|m|min|h|d|w))+$"))),
            .init(
                "size",
                .object([
                    .init(
                        "anyOf",
                        .array([
                            integer(least: 0, most: nil), string("^[0-9]+ ?(B|[KMGT]iB|[kKMGT]B)?$"),
                            reference("reference"),
                        ]))
                ])),
            .init(
                "drift",
                .object([
                    .init(
                        "anyOf",
                        .array([
                            integer(least: 0, most: nil), string("^([0-9]+|[0-9]+(\\.[0-9]{1,4})?%)$"),
                            reference("reference"),
                        ]))
                ])),
        ])
    }

    private static func orReference(_ type: JSONValue) -> JSONValue {
        .object([.init("anyOf", .array([type, reference("reference")]))])
    }

    private static func reference(_ name: String) -> JSONValue {
        .object([.init("$ref", .string("#/definitions/\(name)"))])
    }

    private static func string(_ pattern: String) -> JSONValue {
        .object([.init("type", .string("string")), .init("pattern", .string(pattern))])
    }

    private static func integer(least: Int64?, most: Int64?) -> JSONValue {
        var members: [JSONValue.Member] = [.init("type", .string("integer"))]
        if let least { members.append(.init("minimum", .integer(least))) }
        if let most { members.append(.init("maximum", .integer(most))) }
        return .object(members)
    }
}
