package import Backups
package import Exposition

/// What the configuration asks for, exported so that alert rules need no literals.
package struct ObjectivesCollector: Collector {
    package let name = "objectives"

    package init() {}

    package func collect(_ facts: FleetFacts) -> [MetricFamily] {
        DatabaseMetric.families(Self.metrics, of: facts)
    }

    private static let metrics: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_interval_objective_seconds", "Configured time between two backups at most.", unit: .seconds
        ) { $0.objectives.backupEvery },
        DatabaseMetric(
            "backup_recovery_point_objective_seconds", "Configured most data that may be lost, in time.",
            unit: .seconds
        ) { $0.objectives.rpo },
        DatabaseMetric(
            "backup_recovery_time_objective_seconds", "Configured longest time that a recovery may take.",
            unit: .seconds
        ) { $0.objectives.rto },
        DatabaseMetric(
            "backup_verification_interval_seconds", "Configured time between two verifications at most.",
            unit: .seconds
        ) { $0.objectives.verifyEvery },
        DatabaseMetric(
            "postgres_recovery_window_objective_seconds",
            "Configured span up to now within which every point in time can be recovered.", unit: .seconds
        ) { $0.objectives.recoveryWindow },
        DatabaseMetric(
            "postgres_wal_archiving_lag_objective_seconds", "Configured longest lag of WAL archiving.", unit: .seconds
        ) { $0.objectives.walLag },
    ]
}
