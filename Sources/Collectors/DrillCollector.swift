package import Backups
package import Exposition

/// What drills showed, of databases that have any configured.
package struct DrillCollector: Collector {
    package let name = "drills"

    package init() {}

    package func collect(_ facts: FleetFacts) -> [MetricFamily] {
        DatabaseMetric.families(Self.verdicts + Self.times + Self.recovered, of: facts)
    }

    private static let verdicts: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_drill_status",
            "1 on the verdict of the last drill, never when there was none; 0 on the others. One that could not be made takes "
                + "no failure back.",
            by: "status"
        ) { database -> [(String, Bool)] in
            guard let drill = database.drill else { return [] }
            return Verdict.allCases.map { ($0.rawValue, drill.status == $0) } + [("never", drill.status == nil)]
        },
        DatabaseMetric(
            "backup_drill_status_since_timestamp_seconds",
            "Since when the status of drills is what it is; absent for never.", unit: .seconds
        ) { $0.drill?.statusSince },
        DatabaseMetric(
            "backup_drill_runs_total", "Drills that ended, by verdict.", type: .counter, by: "verdict"
        ) { database -> [(String, UInt64)] in
            guard let drill = database.drill else { return [] }
            return Verdict.allCases.map { ($0.rawValue, drill.runs[$0] ?? 0) }
        },
        DatabaseMetric("backup_drill_in_progress", "1 while a drill runs.") { $0.drill?.isRunning },
    ]

    private static let times: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_drill_interval_seconds", "Configured time between two verified drills at most.", unit: .seconds
        ) { $0.drill?.every },
        DatabaseMetric(
            "backup_drill_monitored_since_timestamp_seconds",
            "When drills were first configured: never drilled is judged from here.", unit: .seconds
        ) { $0.drill?.since },
        DatabaseMetric(
            "backup_drill_last_run_timestamp_seconds", "When the last drill ended.", unit: .seconds
        ) { $0.drill?.lastRun },
        DatabaseMetric(
            "backup_drill_last_success_timestamp_seconds", "When a drill last ended as verified.", unit: .seconds
        ) { $0.drill?.lastSuccess },
        DatabaseMetric(
            "backup_drill_next_run_timestamp_seconds", "When the next drill is due.", unit: .seconds
        ) { $0.drill?.nextRun },
    ]

    /// Of the last verified drill: what a recovery would take, and bring back.
    private static let recovered: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_drill_duration_seconds",
            "How long the recovery of the last verified drill took, from unpacking the base backup until the server answered: a "
                + "lower bound with a fast scratch.", unit: .seconds
        ) { $0.drill?.lastVerified?.recoverySeconds },
        DatabaseMetric(
            "backup_drill_replay_duration_seconds", "How long the last verified drill replayed archived WAL.",
            unit: .seconds
        ) { $0.drill?.lastVerified?.facts.replaySeconds },
        DatabaseMetric(
            "backup_drill_replayed_bytes", "Archived WAL that the last verified drill was handed, unpacked.",
            unit: .bytes
        ) { $0.drill?.lastVerified?.facts.bytes },
        DatabaseMetric(
            "backup_drill_promote_duration_seconds",
            "How long the server of the last verified drill took from the end of replay until it answered.",
            unit: .seconds
        ) { $0.drill?.lastVerified?.facts.promoteSeconds },
        DatabaseMetric(
            "backup_drill_recovered_to_timestamp_seconds",
            "Time of the last transaction that the last verified drill brought back; absent where it replayed none.",
            unit: .seconds
        ) { $0.drill?.lastVerified?.facts.lastTransaction },
    ]
}
