package import Backups

/// Settings of a scratch server that recovers a physical backup, with their reasons, beside those of ``ServerSettings``,
/// over which they win. They go on the command line, too: nothing that a backup holds can override them.
package struct RecoverySettings: Sendable {
    /// Prepared transactions that a server makes room for, where the backup wants no more.
    private static let preparedTransactions = 256

    package let settings: [ServerSettings.Setting]

    /// - Parameters:
    ///   - restoreCommand: gives it the segments it asks for.
    ///   - timeline: `nil` for the latest that the archive leads to.
    ///   - major: of the server.
    package init(
        _ target: RecoveryTarget, restoreCommand: String, timeline: UInt32? = nil, control: ControlData, major: Int
    ) {
        settings =
            Self.target(target, timeline) + Self.reading(target, major) + Self.always(control)
            + [.init(name: "restore_command", value: restoreCommand, reason: "the only way to the archive")]
    }

    private static func target(_ target: RecoveryTarget, _ timeline: UInt32?) -> [ServerSettings.Setting] {
        target.settings.map { .init(name: $0.name, value: $0.value, reason: "the target that was asked for") } + [
            .init(
                name: "recovery_target_timeline", value: timeline.map { "\($0)" } ?? "latest",
                reason: "as one would recover on the bad day, unless one is named"),
            .init(
                name: "recovery_target_action", value: "promote",
                reason: "what came back is to be read, and checked like any database"),
            .init(
                name: "hot_standby", value: "off",
                reason: "nobody asks before the end, and without it the primary's limits need not be matched"),
        ]
    }

    /// The server asks for segments that lie behind the target, too, when it reads ahead; and ends when one of them can't be
    /// had, though nothing of it would be replayed.
    private static func reading(_ target: RecoveryTarget, _ major: Int) -> [ServerSettings.Setting] {
        guard target != .latest, major >= 15 else { return [] }
        return [.init(name: "recovery_prefetch", value: "off", reason: "what lies behind the target is not looked at")]
    }

    /// What holds for every server that is started on the files of another, whether it recovers or not: a copy of production
    /// carries production's ways to reach out.
    package static func always(_ control: ControlData) -> [ServerSettings.Setting] {
        let prepared = max(preparedTransactions, control.limits["max_prepared_transactions"] ?? 0)
        return [
            .init(name: "archive_command", value: "", reason: "never writes into an archive of production"),
            .init(name: "archive_cleanup_command", value: "", reason: "never removes from an archive of production"),
            .init(name: "recovery_end_command", value: "", reason: "runs nothing that the backup brings"),
            .init(name: "primary_conninfo", value: "", reason: "never streams from production"),
            .init(name: "primary_slot_name", value: "", reason: "never uses a slot of production"),
            .init(
                name: "max_prepared_transactions", value: "\(prepared)",
                reason: "transactions that were prepared in production come back"),
            .init(
                name: "allow_in_place_tablespaces", value: "on",
                reason: "tablespaces are directories in the data directory: nothing outside is written to"),
            .init(
                name: "checkpoint_timeout", value: "5min", reason: "PostgreSQL's default: what was replayed is let go"),
        ] + logSizes(control.walSegmentSize)
    }

    /// PostgreSQL's defaults, where two segments fit into them: no server starts with less (`src/backend/access/transam/xlog.c`).
    private static func logSizes(_ segment: WALSegmentSize) -> [ServerSettings.Setting] {
        let least = 2 * segment.bytes >> 20
        return [
            .init(name: "max_wal_size", value: "\(max(1024, least))MB", reason: "what was replayed is let go in time"),
            .init(name: "min_wal_size", value: "\(max(80, least))MB", reason: "two segments of this cluster at least"),
        ]
    }
}
