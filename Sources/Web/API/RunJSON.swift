import Backups

/// One verification, or one drill, in a list of the API. Add fields, never rename.
struct RunJSON {
    let value: JSONValue

    init(_ run: RunSummary) {
        value = .object([
            .init("id", .integer(run.id.rawValue)), .init("database", .string(run.database)),
            .init("backup", .string(run.backup.name)), .init("size_bytes", .unsigned(run.backup.sizeBytes)),
            .init("data_as_of", .optional(run.dataAsOf)), .init("verdict", .string(run.verdict.rawValue)),
            .init("reason", .optional(run.reason)), .init("message", .string(run.message)),
            .init("hint", .optional(run.hint)), .init("proof", .string(run.proof.rawValue)),
            .init("started_at", .optional(run.startedAt)), .init("finished_at", .optional(run.finishedAt)),
            .init("restore_seconds", .optional(run.restoreSeconds)), .init("kind", .string(run.kind.rawValue)),
            .init("target", .optional(run.target)),
        ])
    }
}
