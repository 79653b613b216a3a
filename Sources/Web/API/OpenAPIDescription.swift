import Backups

/// The API in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0).
enum OpenAPIDescription {
    static let text: String = document.text + "\n"

    static var document: JSONValue {
        object([
            ("openapi", .string("3.1.0")),
            (
                "info",
                object([
                    ("title", .string("Restorable")), ("version", .string(ToolVersion.current)),
                    ("description", .string("Which databases would come back, and why not.")),
                ])
            ),
            ("paths", object(paths)),
            (
                "components",
                object([
                    (
                        "securitySchemes",
                        object([("basic", object([("type", .string("http")), ("scheme", .string("basic"))]))])
                    ),
                    ("schemas", object(OpenAPISchemas.all)),
                ])
            ),
            ("security", .array([object([]), object([("basic", .array([]))])])),
        ])
    }

    private static var paths: [(String, JSONValue)] {
        [
            ("/metrics", get("Metrics for Prometheus", [("200", text("Text format 0.0.4 or OpenMetrics 1.0"))])),
            ("/api/v1/databases", get("Every database", [("200", json("Databases", listOf("databases", "Database")))])),
            (
                "/api/v1/verifications",
                get(
                    "Finished verifications, or drills, the one that began last first",
                    [
                        (
                            "200",
                            json(
                                "Runs of that kind; next_before is the parameter before of the next page, null on the last one",
                                listOf(
                                    "verifications", "Run",
                                    beside: (
                                        "next_before",
                                        object([("type", .array([.string("integer"), .string("null")]))])
                                    ))
                            )
                        ),
                        ("400", problem("A parameter can't be used")), ("404", problem("No such database")),
                    ],
                    parameters: [
                        parameter("database", "query", type("string"), isRequired: false),
                        parameter(
                            "kind", "query",
                            object([
                                ("type", .string("string")), ("enum", .array(RunsQuery.kinds.map { .string($0) })),
                                ("default", .string(RunKind.verification.rawValue)),
                            ]), isRequired: false),
                        parameter(
                            "limit", "query",
                            object([
                                ("type", .string("integer")), ("minimum", .integer(1)),
                                ("maximum", .integer(Int64(RunsQuery.largestLimit))),
                                ("default", .integer(Int64(RunsQuery.defaultLimit))),
                            ]), isRequired: false),
                        parameter("before", "query", type("integer"), isRequired: false),
                    ])
            ),
            (
                "/api/v1/verifications/{id}",
                get(
                    "All of one verification, or of one drill",
                    [("200", json("The report", reference("Verification"))), ("404", problem("No such verification"))],
                    parameters: [parameter("id", "path", type("integer"), isRequired: true)])
            ),
            ("/api/v1/databases/{name}/verify", turn("Verifies its newest backup now")),
            ("/api/v1/databases/{name}/drill", turn("Drills the recovery that is configured for it now")),
            ("/-/healthy", get("The process answers", [("200", text("It does"))])),
            ("/-/ready", get("All was read once", [("200", text("It was")), ("503", text("Not yet"))])),
            (
                "/-/reload",
                post("Reads the configuration again", [("200", text("In force")), ("500", text("Not usable: why"))])
            ),
        ]
    }

    private static func turn(_ summary: String) -> JSONValue {
        post(
            summary,
            [
                (
                    "202",
                    json(
                        "It starts as soon as there is room, and what is named by after has ended",
                        reference("Accepted"))
                ),
                ("401", text("A user and a password are needed")),
                ("403", problem("No authentication is set up, or another site asked")),
                ("404", problem("No such database")), ("409", problem("Under way already, or not possible")),
            ], parameters: [parameter("name", "path", type("string"), isRequired: true)])
    }

    static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { .init($0.0, $0.1) })
    }

    static func type(_ name: String) -> JSONValue { object([("type", .string(name))]) }

    static func reference(_ schema: String) -> JSONValue {
        object([("$ref", .string("#/components/schemas/\(schema)"))])
    }

    /// - Parameter other: one more member that is always there.
    private static func listOf(_ key: String, _ schema: String, beside other: (String, JSONValue)? = nil) -> JSONValue {
        let members =
            [(key, object([("type", .string("array")), ("items", reference(schema))]))] + (other.map { [$0] } ?? [])
        return object([
            ("type", .string("object")), ("required", .array(members.map { .string($0.0) })),
            ("properties", object(members)),
            ("additionalProperties", .bool(false)),
        ])
    }

    private static func get(
        _ summary: String, _ responses: [(String, JSONValue)], parameters: [JSONValue] = []
    ) -> JSONValue {
        object([("get", operation(summary, responses, parameters))])
    }

    private static func post(
        _ summary: String, _ responses: [(String, JSONValue)], parameters: [JSONValue] = []
    ) -> JSONValue {
        object([("post", operation(summary, responses, parameters))])
    }

    private static func operation(
        _ summary: String, _ responses: [(String, JSONValue)], _ parameters: [JSONValue]
    ) -> JSONValue {
        object([
            ("summary", .string(summary)), ("parameters", .array(parameters)), ("responses", object(responses)),
        ])
    }

    private static func parameter(_ name: String, _ place: String, _ schema: JSONValue, isRequired: Bool) -> JSONValue {
        object([
            ("name", .string(name)), ("in", .string(place)), ("required", .bool(isRequired)), ("schema", schema),
        ])
    }

    private static func response(_ description: String, _ type: String, _ schema: JSONValue) -> JSONValue {
        object([
            ("description", .string(description)),
            ("content", object([(type, object([("schema", schema)]))])),
        ])
    }

    private static func json(_ description: String, _ schema: JSONValue) -> JSONValue {
        response(description, "application/json", schema)
    }

    private static func text(_ description: String) -> JSONValue { response(description, "text/plain", type("string")) }

    private static func problem(_ description: String) -> JSONValue { json(description, reference("Problem")) }
}
