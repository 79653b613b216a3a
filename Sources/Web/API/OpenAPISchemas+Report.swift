import Backups

extension OpenAPISchemas {
    /// The report of one verification: the object that `verify --json` prints (docs/json.md).
    static var report: JSONValue {
        shape([
            ("version", type("integer")), ("database", optional("string")), ("backup", backup),
            ("verdict", verdict), ("reason", optional("string")), ("message", type("string")),
            ("hint", optional("string")), ("proof", choice(Proof.allCases.map(\.rawValue))),
            ("proved_through", optionalStage), ("stopped_after", optionalStage),
            ("content", choice([ContentProof.proved.rawValue, ContentProof.unproved.rawValue])),
            ("notes", list(type("string"))),
            ("stages", list(shape([("name", stage), ("seconds", type("number")), ("bytes", optional("integer"))]))),
            ("checks", list(check)), ("findings", list(finding)), ("tables", list(table)), ("restore", orNull(restore)),
            ("rto", orNull(objective(measured: "measured_seconds"))),
            ("rpo", orNull(objective(measured: "achievable_seconds"))), ("freshness", freshness),
            ("drill", orNull(drill)),
            ("started_at", time), ("finished_at", time),
            ("tool", shape([("restorable", type("string")), ("postgresql", optional("string"))])),
        ])
    }

    private static var verdict: JSONValue { choice(Verdict.allCases.map(\.rawValue)) }
    private static var stage: JSONValue { choice(Stage.allCases.map(\.rawValue)) }
    private static var optionalStage: JSONValue { orNull(stage) }

    private static var backup: JSONValue {
        shape([
            ("location", type("string")), ("name", type("string")), ("format", optional("string")),
            ("compression", optional("string")), ("size_bytes", optional("integer")), ("sha256", optional("string")),
            ("data_as_of", time), ("data_as_of_source", optional("string")), ("completed_at", time),
            ("content_bytes", optional("integer")), ("dumped_from", optional("string")),
            ("dumped_by", optional("string")),
        ])
    }

    private static var check: JSONValue {
        shape([
            ("name", type("string")), ("verdict", verdict), ("reason", optional("string")), ("message", type("string")),
            ("hint", optional("string")), ("stage", stage), ("offset", optional("integer")),
            ("line", optional("integer")), ("details", list(type("string"))),
        ])
    }

    private static var finding: JSONValue {
        shape([
            ("statement", type("string")), ("line", optional("integer")), ("offset", optional("integer")),
            ("sqlstate", optional("string")), ("message", type("string")), ("verdict", verdict),
            ("reason", optional("string")), ("hint", optional("string")),
        ])
    }

    private static var table: JSONValue {
        shape([
            ("name", type("string")), ("dump_rows", optional("integer")), ("restored_rows", optional("integer")),
            ("reference_rows", optional("integer")), ("proof", choice(Proof.allCases.map(\.rawValue))),
            ("bounds", orNull(shape([("lower", type("integer")), ("upper", type("integer"))]))),
        ])
    }

    private static var drill: JSONValue {
        shape([
            ("target", type("string")), ("archive", type("string")), ("recovered_to", optional("string")),
            ("timeline", optional("integer")), ("last_transaction_at", time), ("archived_files", type("integer")),
            ("archived_bytes", type("integer")), ("replay_seconds", optional("number")),
            ("promote_seconds", optional("number")),
        ])
    }

    private static var restore: JSONValue {
        shape([
            ("seconds", type("number")), ("profile", choice(RestoreFacts.Profile.allCases.map(\.rawValue))),
            ("bytes", optional("integer")),
        ])
    }

    private static func objective(measured key: String) -> JSONValue {
        shape([
            ("objective_seconds", optional("number")), (key, optional("number")), ("met", optional("boolean")),
            ("basis", type("string")),
        ])
    }

    private static var freshness: JSONValue {
        orNull(
            list(
                shape([
                    ("table", type("string")), ("column", type("string")), ("newest", time),
                    ("limit_seconds", type("number")), ("verdict", verdict),
                ])))
    }
}
