import Backups

extension OpenAPISchemas {
    /// What is known of the drills of a database.
    static var drills: [(String, JSONValue)] {
        [
            ("target", type("string")), ("status", choice(Verdict.allCases.map(\.rawValue) + ["never"])),
            ("status_since", time), ("in_progress", type("boolean")), ("every_seconds", optional("number")),
            ("since", time), ("last_run", time), ("last_success", time), ("next_run", time), ("waits_for", hindrance),
            ("last", orNull(shape(lastDrill))),
        ]
    }

    /// Why a turn that is due does not begin.
    static var hindrance: JSONValue {
        orNull(shape([("code", choice(Hindrance.codes)), ("message", type("string"))]))
    }

    private static var lastDrill: [(String, JSONValue)] {
        [
            ("id", optional("integer")), ("base", type("string")), ("target", type("string")),
            ("verdict", choice(Verdict.allCases.map(\.rawValue))), ("reason", optional("string")),
            ("message", type("string")), ("hint", optional("string")), ("started_at", time), ("finished_at", time),
            ("recovered_to", optional("string")), ("timeline", optional("integer")), ("last_transaction_at", time),
            ("recovery_seconds", optional("number")), ("replay_seconds", optional("number")),
            ("promote_seconds", optional("number")), ("archived_bytes", type("integer")),
            ("rto_met", optional("boolean")), ("rpo_seconds", optional("number")), ("rpo_met", optional("boolean")),
        ]
    }
}
