import Backups

/// The shapes of the API. A test holds them against what is really answered: no key more, no key less.
enum OpenAPISchemas {
    static var all: [(String, JSONValue)] {
        [
            ("Database", shape(database)), ("Run", shape(run)),
            (
                "Verification",
                shape([("id", type("integer")), ("report", type("object"))])
            ),
            ("Accepted", shape([("status", type("string"))])),
            (
                "Problem",
                shape(
                    [("error", type("string")), ("reason", type("string")), ("hint", optional("string"))],
                    required: ["error"])
            ),
        ]
    }

    private static var database: [(String, JSONValue)] {
        [
            ("name", type("string")), ("engine", type("string")), ("kind", type("string")), ("monitored_since", time),
            ("suspended", type("boolean")), ("level", choice(Level.allCases.map(\.rawValue))),
            ("concerns", list(concern)), ("data_at_risk_seconds", optional("number")), ("recoverable_until", time),
            ("objectives", shape(objectives)), ("catalog", optional("object")), ("verification", shape(verification)),
            ("production", optional("object")),
        ]
    }

    private static var concern: JSONValue {
        shape([
            ("code", type("string")), ("level", choice(Level.allCases.map(\.rawValue))), ("title", type("string")),
            ("detail", optional("string")), ("hint", optional("string")), ("since", time),
        ])
    }

    private static var objectives: [(String, JSONValue)] {
        ["backup_every", "rpo", "rto", "verify_every", "recovery_window", "wal_lag"].map {
            ("\($0)_seconds", optional("number"))
        }
    }

    private static var verification: [(String, JSONValue)] {
        [
            ("status", choice(Verdict.allCases.map(\.rawValue) + ["never"])), ("status_since", time),
            ("proof", choice(Proof.allCases.map(\.rawValue))), ("in_progress", type("boolean")),
            ("known_bad", type("integer")), ("last_run", time), ("last_success", time), ("next_run", time),
            ("verified_data_as_of", time), ("restore_seconds", optional("number")),
            ("restored_bytes", optional("integer")), ("restored_rows", optional("integer")),
            ("restored_tables", optional("integer")), ("mismatched_tables", optional("integer")),
            ("last_verification_id", optional("integer")),
        ]
    }

    private static var run: [(String, JSONValue)] {
        [
            ("id", type("integer")), ("database", type("string")), ("backup", type("string")),
            ("size_bytes", type("integer")), ("data_as_of", time),
            ("verdict", choice(Verdict.allCases.map(\.rawValue))), ("reason", optional("string")),
            ("message", type("string")), ("hint", optional("string")),
            ("proof", choice(Proof.allCases.map(\.rawValue))),
            ("started_at", time), ("finished_at", time), ("restore_seconds", optional("number")),
        ]
    }

    private static func type(_ name: String) -> JSONValue { OpenAPIDescription.type(name) }

    private static func optional(_ name: String) -> JSONValue {
        OpenAPIDescription.object([("type", .array([.string(name), .string("null")]))])
    }

    private static var time: JSONValue {
        OpenAPIDescription.object([
            ("type", .array([.string("string"), .string("null")])), ("format", .string("date-time")),
        ])
    }

    private static func choice(_ values: [String]) -> JSONValue {
        OpenAPIDescription.object([("type", .string("string")), ("enum", .array(values.map { .string($0) }))])
    }

    private static func list(_ items: JSONValue) -> JSONValue {
        OpenAPIDescription.object([("type", .string("array")), ("items", items)])
    }

    private static func shape(_ members: [(String, JSONValue)], required: [String]? = nil) -> JSONValue {
        OpenAPIDescription.object([
            ("type", .string("object")),
            ("required", .array((required ?? members.map(\.0)).map { .string($0) })),
            ("properties", OpenAPIDescription.object(members)), ("additionalProperties", .bool(false)),
        ])
    }
}
