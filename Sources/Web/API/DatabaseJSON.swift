import Backups

/// One database of the API: what the status page says, for machines. What is not known is `null`. Add fields, never rename.
struct DatabaseJSON {
    let value: JSONValue

    init(_ database: DatabaseFacts, now: Timestamp) {
        let standing = Standing(database, now: now)
        value = .object([
            .init("name", .string(database.name)), .init("engine", .string(database.engine)),
            .init("kind", .string(database.kind)), .init("discovered_by", .optional(database.discoveredBy)),
            .init("vanished", .bool(database.hasVanished)),
            .init("monitored_since", .optional(database.monitoredSince)),
            .init("suspended", .bool(database.isSuspended)), .init("level", .string(standing.level.rawValue)),
            .init("concerns", .array(standing.concerns.map(Self.concern))),
            .init("data_at_risk_seconds", .optional(standing.loss?.seconds)),
            .init("recoverable_until", .optional(database.recoverableUntil)),
            .init("objectives", Self.objectives(database.objectives)),
            .init("catalog", database.catalog.map(Self.catalog) ?? .null),
            .init("verification", Self.verification(database.verification)),
            .init("production", database.production.map(Self.production) ?? .null),
            .init("wal_archive", database.walArchive.map(Self.walArchive) ?? .null),
            .init("drill", database.drill.map { DrillJSON($0).value } ?? .null),
        ])
    }

    private static func concern(_ concern: Concern) -> JSONValue {
        .object([
            .init("code", .string(concern.code)), .init("level", .string(concern.level.rawValue)),
            .init("title", .string(concern.title)), .init("detail", .optional(concern.detail)),
            .init("hint", .optional(concern.hint)), .init("since", .optional(concern.since)),
        ])
    }

    private static func objectives(_ objectives: ConfiguredObjectives) -> JSONValue {
        .object([
            .init("backup_every_seconds", .optional(objectives.backupEvery?.totalSeconds)),
            .init("rpo_seconds", .optional(objectives.rpo?.totalSeconds)),
            .init("rto_seconds", .optional(objectives.rto?.totalSeconds)),
            .init("verify_every_seconds", .optional(objectives.verifyEvery?.totalSeconds)),
            .init("recovery_window_seconds", .optional(objectives.recoveryWindow?.totalSeconds)),
            .init("wal_lag_seconds", .optional(objectives.walLag?.totalSeconds)),
        ])
    }

    private static func catalog(_ catalog: CatalogFacts) -> JSONValue {
        let newest = catalog.newest.map { backup -> JSONValue in
            .object([
                .init("name", .string(backup.identity.name)),
                .init("size_bytes", .unsigned(backup.identity.sizeBytes)),
                .init("data_as_of", .optional(backup.dataAsOf)),
                .init("completed_at", .optional(backup.completedAt)),
            ])
        }
        return .object([
            .init("location_up", .bool(catalog.isLocationUp)), .init("problem", .optional(catalog.problem)),
            .init("backups", .integer(Int64(catalog.backups.count))),
            .init("in_progress", .integer(Int64(catalog.inProgress))),
            .init("stored_bytes", .unsigned(catalog.storedBytes)), .init("newest", newest ?? .null),
        ])
    }

    private static func verification(_ facts: VerificationFacts) -> JSONValue {
        .object([
            .init("status", .string(facts.status?.rawValue ?? "never")),
            .init("status_since", .optional(facts.statusSince)), .init("proof", .string(facts.proof.rawValue)),
            .init("in_progress", .bool(facts.isRunning)), .init("known_bad", .integer(Int64(facts.knownBad))),
            .init("last_run", .optional(facts.lastRun)), .init("last_success", .optional(facts.lastSuccess)),
            .init("next_run", .optional(facts.nextRun)),
            .init("waits_for", facts.hindrance.map(Self.hindrance) ?? .null),
            .init("verified_data_as_of", .optional(facts.verifiedBackupTime)),
            .init("restore_seconds", .optional(facts.restored?.seconds)),
            .init("restored_bytes", .optional(facts.restored?.bytes)),
            .init("restored_rows", .optional(facts.restored?.rows)),
            .init("restored_tables", .optional(facts.restored?.tables)),
            .init("mismatched_tables", facts.mismatchedTables.map { .integer(Int64($0)) } ?? .null),
            .init("last_verification_id", facts.recent.first.map { .integer($0.id.rawValue) } ?? .null),
        ])
    }

    static func hindrance(_ hindrance: Hindrance) -> JSONValue {
        .object([.init("code", .string(hindrance.code)), .init("message", .string(hindrance.description))])
    }

    private static func walArchive(_ facts: WALArchiveFacts) -> JSONValue {
        .object([
            .init("up", .bool(facts.isUp)), .init("problem", .optional(facts.problem)),
            .init("checked_at", .optional(facts.checkedAt)), .init("verdict", .optional(facts.verdict?.rawValue)),
            .init("reason", .optional(facts.reason?.rawValue)), .init("message", .optional(facts.message)),
            .init("hint", .optional(facts.hint)), .init("missing_segments", .optional(facts.missingSegments)),
            .init("first_missing", .optional(facts.firstMissing?.text)),
            .init("newest_segment", .optional(facts.newestSegment)),
            .init("window_start", .optional(facts.window.start)), .init("window_end", .optional(facts.window.end)),
            .init("window_unknown", .optional(facts.window.unknown)),
        ])
    }

    private static func production(_ facts: ProductionFacts) -> JSONValue {
        .object([
            .init("up", .bool(facts.isUp)), .init("problem", .optional(facts.problem)),
            .init("sampled_at", .optional(facts.sampledAt)), .init("database_bytes", .optional(facts.databaseBytes)),
            .init("wal_archiving_lag_seconds", .optional(facts.archiving?.lagSeconds)),
            .init("disk_used_bytes", .optional(facts.disk?.usedBytes)),
            .init("disk_capacity_bytes", .optional(facts.disk?.capacityBytes)),
        ])
    }
}
