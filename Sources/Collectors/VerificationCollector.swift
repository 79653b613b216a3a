package import Backups
package import Exposition

/// What verifications showed.
package struct VerificationCollector: Collector {
    package let name = "verification"

    package init() {}

    package func collect(_ facts: FleetFacts) -> [MetricFamily] {
        DatabaseMetric.families(Self.verdicts + Self.times + Self.runs + Self.restored, of: facts)
    }

    private static let verdicts: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_verification_status",
            "1 on the verdict of the newest backup that was judged, never when none was; 0 on the others.",
            by: "status"
        ) { database in
            Verdict.allCases.map { ($0.rawValue, database.verification.status == $0) }
                + [("never", database.verification.status == nil)]
        },
        DatabaseMetric(
            "backup_verification_status_since_timestamp_seconds",
            "Since when the status is what it is; absent for never.",
            unit: .seconds
        ) { $0.verification.statusSince },
        DatabaseMetric(
            "backup_verification_proof", "1 on how strong that verdict is, 0 on the others.", by: "proof"
        ) { database in
            Proof.allCases.map { ($0.rawValue, database.verification.proof == $0) }
        },
        DatabaseMetric(
            "backup_known_bad_backups", "Backups that are still there and whose last verdict is failed."
        ) { $0.verification.knownBad },
        DatabaseMetric(
            "backup_check_success",
            "1 when the check passed in the last run that was judged, 0 when it failed; absent when it could not be made.",
            by: "check"
        ) { $0.verification.checks.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } },
        DatabaseMetric(
            "backup_mismatched_tables", "Tables whose rows, checksum or schema differ, in the last run that was judged."
        ) { $0.verification.mismatchedTables },
    ]

    private static let times: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_verification_last_run_timestamp_seconds", "When the last verification ended.", unit: .seconds
        ) { $0.verification.lastRun },
        DatabaseMetric(
            "backup_verification_last_success_timestamp_seconds",
            "When a whole verification last ended as verified.", unit: .seconds
        ) { $0.verification.lastSuccess },
        DatabaseMetric(
            "backup_verification_next_run_timestamp_seconds", "When the next verification is due.", unit: .seconds
        ) { $0.verification.nextRun },
        DatabaseMetric(
            "backup_verified_backup_timestamp_seconds",
            "Data time of the newest backup that is proved to restore and still there unchanged.", unit: .seconds
        ) { $0.verification.verifiedBackupTime },
        DatabaseMetric(
            "backup_data_freshness_timestamp_seconds",
            "Newest value of the freshness columns in the restored data, the least over the tables.", unit: .seconds
        ) { $0.verification.freshness },
    ]

    private static let runs: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_verification_runs_total", "Verifications that ended, by verdict.", type: .counter, by: "verdict"
        ) { database in
            Verdict.allCases.map { ($0.rawValue, database.verification.runs[$0] ?? 0) }
        },
        DatabaseMetric("backup_verification_in_progress", "1 while a verification runs.") {
            $0.verification.isRunning
        },
        DatabaseMetric(
            "backup_verification_stage_duration_seconds", "How long each stage of the last run took.", unit: .seconds,
            by: "stage"
        ) { $0.verification.stageSeconds.sorted { $0.key < $1.key }.map { ($0.key.rawValue, $0.value) } },
    ]

    private static let restored: [DatabaseMetric] = [
        DatabaseMetric(
            "backup_restore_duration_seconds",
            "How long the restore of the last verified run took: a lower bound with a fast scratch.", unit: .seconds
        ) { $0.verification.restored?.seconds },
        DatabaseMetric("backup_restored_bytes", "Bytes restored by the last verified run.", unit: .bytes) {
            $0.verification.restored?.bytes
        },
        DatabaseMetric("backup_restored_rows", "Rows restored by the last verified run.") {
            $0.verification.restored?.rows
        },
        DatabaseMetric("backup_restored_tables", "Tables restored by the last verified run.") {
            $0.verification.restored?.tables
        },
    ]
}
