import Backups

/// The shapes of the API. A test holds them against what is really answered: no key more, no key less.
enum OpenAPISchemas {
    static var all: [(String, JSONValue)] {
        [
            ("Database", shape(database)), ("Run", shape(run)),
            ("Verification", shape([("id", type("integer")), ("report", report)])),
            ("Accepted", shape([("status", type("string")), ("after", optional("string"))])),
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
            ("name", type("string")), ("engine", type("string")), ("kind", type("string")),
            ("discovered_by", optional("string")), ("vanished", type("boolean")), ("monitored_since", time),
            ("suspended", type("boolean")), ("level", choice(Level.allCases.map(\.rawValue))),
            ("concerns", list(concern)), ("data_at_risk_seconds", optional("number")), ("recoverable_until", time),
            ("objectives", shape(objectives)), ("catalog", orNull(shape(catalog))),
            ("verification", shape(verification)), ("production", orNull(shape(production))),
            ("wal_archive", orNull(shape(walArchive))), ("drill", orNull(shape(drills))),
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

    private static var catalog: [(String, JSONValue)] {
        [
            ("location_up", type("boolean")), ("problem", optional("string")), ("backups", type("integer")),
            ("in_progress", type("integer")), ("stored_bytes", type("integer")),
            (
                "newest",
                orNull(
                    shape([
                        ("name", type("string")), ("size_bytes", type("integer")), ("data_as_of", time),
                        ("completed_at", time),
                    ]))
            ),
        ]
    }

    private static var walArchive: [(String, JSONValue)] {
        [
            ("up", type("boolean")), ("problem", optional("string")), ("checked_at", time),
            ("verdict", optional("string")), ("reason", optional("string")), ("message", optional("string")),
            ("hint", optional("string")),
            ("missing_segments", optional("integer")), ("first_missing", optional("string")),
            ("newest_segment", optional("string")), ("window_start", time), ("window_end", time),
            ("window_unknown", optional("string")),
        ]
    }

    private static var production: [(String, JSONValue)] {
        [
            ("up", type("boolean")), ("problem", optional("string")), ("sampled_at", time),
            ("database_bytes", optional("integer")), ("wal_archiving_lag_seconds", optional("number")),
            ("disk_used_bytes", optional("integer")), ("disk_capacity_bytes", optional("integer")),
        ]
    }

    private static var verification: [(String, JSONValue)] {
        [
            ("status", choice(Verdict.allCases.map(\.rawValue) + ["never"])), ("status_since", time),
            ("proof", choice(Proof.allCases.map(\.rawValue))), ("in_progress", type("boolean")),
            ("known_bad", type("integer")), ("last_run", time), ("last_success", time), ("next_run", time),
            ("waits_for", hindrance),
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
            ("kind", choice(RunKind.allCases.map(\.rawValue))), ("target", optional("string")),
        ]
    }

    static func type(_ name: String) -> JSONValue { OpenAPIDescription.type(name) }

    static func optional(_ name: String) -> JSONValue {
        OpenAPIDescription.object([("type", .array([.string(name), .string("null")]))])
    }

    static var time: JSONValue {
        OpenAPIDescription.object([
            ("type", .array([.string("string"), .string("null")])), ("format", .string("date-time")),
        ])
    }

    static func choice(_ values: [String]) -> JSONValue {
        OpenAPIDescription.object([("type", .string("string")), ("enum", .array(values.map { .string($0) }))])
    }

    /// The shape, or `null` where nothing is known.
    static func orNull(_ shape: JSONValue) -> JSONValue {
        OpenAPIDescription.object([("oneOf", .array([shape, type("null")]))])
    }

    static func list(_ items: JSONValue) -> JSONValue {
        OpenAPIDescription.object([("type", .string("array")), ("items", items)])
    }

    static func shape(_ members: [(String, JSONValue)], required: [String]? = nil) -> JSONValue {
        OpenAPIDescription.object([
            ("type", .string("object")),
            ("required", .array((required ?? members.map(\.0)).map { .string($0) })),
            ("properties", OpenAPIDescription.object(members)), ("additionalProperties", .bool(false)),
        ])
    }
}
