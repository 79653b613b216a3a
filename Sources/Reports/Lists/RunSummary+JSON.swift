package import Backups

extension RunSummary {
    /// A verification, or a drill, in one line: the fields of `/api/v1/verifications`.
    package var json: JSONValue {
        .object([
            .init("id", .integer(id.rawValue)), .init("database", .string(database)),
            .init("backup", .string(backup.name)), .init("size_bytes", .unsigned(backup.sizeBytes)),
            .init("data_as_of", .optional(dataAsOf)), .init("verdict", .string(verdict.rawValue)),
            .init("reason", .optional(reason)), .init("message", .string(message)), .init("hint", .optional(hint)),
            .init("proof", .string(proof.rawValue)), .init("started_at", .optional(startedAt)),
            .init("finished_at", .optional(finishedAt)), .init("restore_seconds", .optional(restoreSeconds)),
            .init("kind", .string(kind.rawValue)), .init("target", .optional(target)),
        ])
    }
}
