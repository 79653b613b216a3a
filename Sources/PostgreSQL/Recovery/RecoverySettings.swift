/// Settings of a scratch server that recovers a physical backup, with their reasons, beside those of ``ServerSettings``.
/// They go on the command line, too: nothing that a backup holds can override them.
package struct RecoverySettings: Sendable {
    package let settings: [ServerSettings.Setting]

    /// - Parameters:
    ///   - restoreCommand: gives it the segments it asks for.
    ///   - timeline: `nil` for the latest that the archive leads to.
    ///   - required: what its control file says that it needs at least, by the names of ``ControlData``.
    package init(
        _ target: RecoveryTarget, restoreCommand: String, timeline: UInt32? = nil, required: [String: Int] = [:]
    ) {
        settings =
            Self.target(target, timeline) + Self.outward + Self.required(required)
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

    /// A copy of production carries production's ways to reach out.
    private static let outward: [ServerSettings.Setting] = [
        .init(name: "archive_command", value: "", reason: "never writes into an archive of production"),
        .init(name: "archive_cleanup_command", value: "", reason: "never removes from an archive of production"),
        .init(name: "recovery_end_command", value: "", reason: "runs nothing that the backup brings"),
        .init(name: "primary_conninfo", value: "", reason: "never streams from production"),
        .init(name: "primary_slot_name", value: "", reason: "never uses a slot of production"),
        .init(name: "data_sync_retry", value: "off", reason: "PostgreSQL's default"),
    ]

    private static func required(_ required: [String: Int]) -> [ServerSettings.Setting] {
        required.sorted { $0.key < $1.key }.map {
            .init(name: $0.key, value: "\($0.value)", reason: "as many as production had, whose transactions it holds")
        }
    }
}
