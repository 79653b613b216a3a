import Backups

/// What is known of the drills of a database, for machines. Add fields, never rename.
struct DrillJSON {
    let value: JSONValue

    init(_ drill: DrillRecord) {
        value = .object([
            .init("target", .string(drill.target)), .init("status", .string(drill.status?.rawValue ?? "never")),
            .init("status_since", .optional(drill.statusSince)), .init("in_progress", .bool(drill.isRunning)),
            .init("every_seconds", .optional(drill.every?.totalSeconds)), .init("since", .optional(drill.since)),
            .init("last_run", .optional(drill.lastRun)), .init("last_success", .optional(drill.lastSuccess)),
            .init("next_run", .optional(drill.nextRun)),
            .init("waits_for", drill.hindrance.map(DatabaseJSON.hindrance) ?? .null),
            .init("last", drill.last.map(Self.past) ?? .null),
        ])
    }

    private static func past(_ drill: PastDrill) -> JSONValue {
        let facts = drill.facts
        return .object([
            .init("id", drill.run.map { .integer($0.rawValue) } ?? .null), .init("base", .string(drill.base)),
            .init("target", .string(facts.target)), .init("verdict", .string(drill.verdict.rawValue)),
            .init("reason", .optional(drill.reason)), .init("message", .string(drill.message)),
            .init("hint", .optional(drill.hint)), .init("started_at", .optional(drill.startedAt)),
            .init("finished_at", .optional(drill.finishedAt)), .init("recovered_to", .optional(facts.end)),
            .init("timeline", facts.timeline.map { .integer(Int64($0)) } ?? .null),
            .init("last_transaction_at", .optional(facts.lastTransaction)),
            .init("recovery_seconds", .optional(drill.recoverySeconds)),
            .init("replay_seconds", .optional(facts.replaySeconds)),
            .init("promote_seconds", .optional(facts.promoteSeconds)), .init("archived_bytes", .unsigned(facts.bytes)),
            .init("rto_met", drill.rto?.isMet.map { .bool($0) } ?? .null),
            .init("rpo_seconds", .optional(drill.rpo?.measuredSeconds)),
            .init("rpo_met", drill.rpo?.isMet.map { .bool($0) } ?? .null),
        ])
    }
}
