extension VerificationReport {
    /// The contract of `verify --json`, version 1: fields are added, never changed; what is not known is `null`.
    package var json: JSONValue {
        .object([
            .init("version", .integer(1)),
            .init("database", .optional(database)),
            .init("backup", backup.json),
            .init("verdict", .string(conclusion.verdict.rawValue)),
            .init("reason", .optional(conclusion.reason)),
            .init("message", .string(conclusion.message)),
            .init("hint", .optional(conclusion.hint)),
            .init("proof", .string(conclusion.proof.rawValue)),
            .init("proved_through", .optional(conclusion.provedThrough?.rawValue)),
            .init("stopped_after", .optional(conclusion.stoppedAfter?.rawValue)),
            .init("content", .string(conclusion.content.rawValue)),
            .init("notes", .array(conclusion.notes.map { .string($0) })),
            .init("stages", .array(stages.map(\.json))),
            .init("checks", .array(checks.map(\.json))),
            .init("findings", .array(findings.map(\.json))),
            .init("tables", .array(tables.map(\.json))),
            .init("restore", restore?.json ?? .null),
            .init("rto", rto?.json(measured: "measured_seconds") ?? .null),
            .init("rpo", rpo?.json(measured: "achievable_seconds") ?? .null),
            .init("freshness", freshnessResults.map { .array($0.map(\.json)) } ?? .null),
            .init("drill", drill?.json ?? .null),
            .init("started_at", .optional(startedAt)),
            .init("finished_at", .optional(finishedAt)),
            .init("tool", tool.json),
        ])
    }
}

extension BackupFacts {
    fileprivate var json: JSONValue {
        .object([
            .init("location", .string(location)),
            .init("name", .string(name)),
            .init("format", .optional(format?.rawValue)),
            .init("compression", .optional(compression?.rawValue)),
            .init("size_bytes", .optional(sizeBytes)),
            .init("sha256", .optional(sha256)),
            .init("data_as_of", .optional(time.asOf)),
            .init("data_as_of_source", .optional(time.source?.rawValue)),
            .init("completed_at", .optional(time.completedAt)),
            .init("content_bytes", .optional(contentBytes)),
            .init("dumped_from", .optional(dumpedFrom)),
            .init("dumped_by", .optional(dumpedBy)),
        ])
    }
}

extension StageTiming {
    fileprivate var json: JSONValue {
        .object([
            .init("name", .string(stage.rawValue)),
            .init("seconds", .number(seconds)),
            .init("bytes", .optional(bytes)),
        ])
    }
}

extension Check {
    package var json: JSONValue {
        .object([
            .init("name", .string(name)),
            .init("verdict", .string(verdict.rawValue)),
            .init("reason", .optional(reason)),
            .init("message", .string(message)),
            .init("hint", .optional(hint)),
            .init("stage", .string(stage.rawValue)),
            .init("offset", .optional(location?.offset)),
            .init("line", .optional(location?.line)),
            .init("details", .array(details.map { .string($0) })),
        ])
    }
}

extension Finding {
    fileprivate var json: JSONValue {
        .object([
            .init("statement", .string(statement)),
            .init("line", .optional(location?.line)),
            .init("offset", .optional(location?.offset)),
            .init("sqlstate", .optional(sqlstate)),
            .init("message", .string(message)),
            .init("verdict", .string(verdict.rawValue)),
            .init("reason", .optional(reason)),
            .init("hint", .optional(hint)),
        ])
    }
}

extension TableResult {
    package var json: JSONValue {
        .object([
            .init("name", .string(name.description)),
            .init("dump_rows", .optional(dumpRows)),
            .init("restored_rows", .optional(restoredRows)),
            .init("reference_rows", .optional(referenceRows)),
            .init("proof", .string(proof.rawValue)),
            .init(
                "bounds",
                bounds.map {
                    .object([.init("lower", .unsigned($0.lowerBound)), .init("upper", .unsigned($0.upperBound))])
                } ?? .null),
        ])
    }
}

extension RestoreFacts {
    fileprivate var json: JSONValue {
        .object([
            .init("seconds", .number(seconds)),
            .init("profile", .string(profile.rawValue)),
            .init("bytes", .optional(bytes)),
        ])
    }
}

extension ObjectiveResult {
    fileprivate func json(measured key: String) -> JSONValue {
        .object([
            .init("objective_seconds", .optional(objectiveSeconds)),
            .init(key, .optional(measuredSeconds)),
            .init("met", isMet.map { .bool($0) } ?? .null),
            .init("basis", .string(basis)),
        ])
    }
}

extension ToolFacts {
    fileprivate var json: JSONValue {
        .object([.init("restorable", .string(restorable)), .init("postgresql", .optional(postgresql))])
    }
}
