// Made from alerts/restorable.rules.yml by scripts/support/embed_rules.py: change it there.

/// The alert rules as they are shipped: in the program itself, which is one file.
enum ShippedRules {
    static let text = #"""
        # Alert rules of Restorable. Prometheus 2.42 or newer; the scrape job is called `restorable`.
        # Thresholds come from the objectives that the daemon exports, so a rule holds for every database. Both sides of a
        # comparison come from the same target with the same labels and match on all of them: two daemons do not meet.
        # `keep_firing_for` is longer than `for` and bridges a restart of the daemon: no alert is resolved because nobody looked.
        # Tests: promtool test rules restorable.rules.test.yml
        groups:
          - name: restorable
            rules:
              # Always fires. Send it to something that pages when it stops: a dead man's switch.
              - alert: Watchdog
                expr: vector(1)
                labels:
                  severity: none
                annotations:
                  summary: Alerts reach their receiver.
                  description: >-
                    This alert always fires (value {{ $value }}). When its receiver stops hearing it, Prometheus,
                    Alertmanager or the way between them is broken.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/Watchdog.md

              # Also when the target is gone altogether; not where a CronJob pushes and no daemon was ever meant to run.
              - alert: RestorableDown
                expr: |
                  up{job="restorable"} == 0
                  or
                  ((absent(up{job="restorable"}) - 1) unless on (job) push_time_seconds{job="restorable"})
                for: 5m
                labels:
                  severity: critical
                annotations:
                  summary: "Restorable is down: nobody watches the backups."
                  description: >-
                    Prometheus gets no answer from Restorable (up is {{ $value }}). Until it does, failed verifications and
                    missing backups raise no alert.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/RestorableDown.md

              - alert: RestorableConfigReloadFailed
                expr: restorable_config_last_reload_successful == 0
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: warning
                annotations:
                  summary: Restorable could not load its configuration.
                  description: >-
                    {{ $labels.instance }} refused its configuration file and goes on with the one before (successful reload:
                    {{ $value }}).
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/RestorableConfigReloadFailed.md

              # The other collectors have alerts of their own, which name the database.
              - alert: RestorableHistoryFailing
                expr: 'restorable_collector_success{collector="history"} == 0'
                for: 15m
                keep_firing_for: 20m
                labels:
                  severity: warning
                annotations:
                  summary: Restorable can't write its history.
                  description: >-
                    {{ $labels.instance }} goes on with what it knows, but its history could not be read or written (success:
                    {{ $value }}): a restart would lose what happened since.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/RestorableHistoryFailing.md

          - name: backups
            rules:
              # A location that can't be listed has an alert of its own, and hides this one: its numbers are those of before.
              - alert: BackupMissing
                expr: |
                  (
                    backup_catalog_backups == 0
                    or
                    (backup_monitored_since_timestamp_seconds * 0 unless backup_catalog_backups)
                  )
                  unless backup_location_up == 0
                for: 5m
                keep_firing_for: 20m
                labels:
                  severity: critical
                annotations:
                  summary: "{{ $labels.database }} has no backup."
                  description: >-
                    {{ $value }} complete backups of {{ $labels.database }} are known. If it were lost now, nothing could be
                    restored.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupMissing.md

              # Grace: a quarter of the interval, and at least 15 minutes.
              - alert: BackupOverdue
                expr: |
                  (
                    (time() - backup_last_completed_timestamp_seconds)
                    > (backup_interval_objective_seconds + clamp_min(backup_interval_objective_seconds * 0.25, 900))
                  )
                  unless backup_location_up == 0
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: warning
                annotations:
                  summary: The backup of {{ $labels.database }} is overdue.
                  description: >-
                    The newest complete backup of {{ $labels.database }} was finished {{ $value | humanizeDuration }} ago,
                    later than its interval allows.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupOverdue.md

              # Where nothing tells what moment a backup shows, it is at least as old as the file. How far the log goes beyond it nobody
              # knows before a configured archive was looked at once: WALArchiveUnreachable and WALArchiveInconclusive say that.
              - alert: RecoveryPointExceeded
                expr: |
                  (
                    time() - (
                      backup_recoverable_until_timestamp_seconds
                      or
                      (backup_last_completed_timestamp_seconds unless postgres_wal_archive_awaited == 1)
                    )
                  )
                  > backup_recovery_point_objective_seconds
                for: 15m
                keep_firing_for: 20m
                labels:
                  severity: critical
                annotations:
                  summary: "{{ $labels.database }} would lose more data than its objective allows."
                  description: >-
                    The newest point {{ $labels.database }} could be brought back to lies {{ $value | humanizeDuration }} in
                    the past.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/RecoveryPointExceeded.md

              - alert: BackupTooSmall
                expr: backup_size_bytes < backup_minimum_size_bytes
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: critical
                annotations:
                  summary: The newest backup of {{ $labels.database }} is too small.
                  description: >-
                    The newest complete backup of {{ $labels.database }} has {{ $value | humanize1024 }}B, less than its
                    configured minimum.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupTooSmall.md

              # Below the configured minimum BackupTooSmall says it.
              - alert: BackupSizeAnomaly
                expr: |
                  (
                    backup_size_bytes < backup_size_expected_lower_bytes
                    or
                    backup_size_bytes > backup_size_expected_upper_bytes
                  )
                  unless backup_size_bytes < backup_minimum_size_bytes
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: warning
                annotations:
                  summary: The newest backup of {{ $labels.database }} has an odd size.
                  description: >-
                    The newest complete backup of {{ $labels.database }} has {{ $value | humanize1024 }}B, outside of what
                    the backups before it lead one to expect.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupSizeAnomaly.md

              # Three sizes equal to the byte are no chance where rows changed; where nothing changed they are as they should be.
              - alert: BackupNotGrowing
                expr: |
                  backup_identical_size_backups >= 3
                  and
                  backup_production_changed_since_previous_backup == 1
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: warning
                annotations:
                  summary: The backups of {{ $labels.database }} stay the same while production changes.
                  description: >-
                    The newest {{ $value }} backups of {{ $labels.database }} have the same size to the byte, although
                    production changed in between.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupNotGrowing.md

              - alert: BackupLocationUnreachable
                expr: backup_location_up == 0
                for: 15m
                keep_firing_for: 20m
                labels:
                  severity: critical
                annotations:
                  summary: The backups of {{ $labels.database }} can't be reached.
                  description: >-
                    The location of the backups of {{ $labels.database }} could not be listed at the last attempt (up is {{
                    $value }}). What is said of these backups is as old as the last listing.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupLocationUnreachable.md

          # One cause, one alert: BackupRowsMismatch and BackupDataNotFresh are failed verifications whose cause is known.
          - name: verification
            rules:
              # Without any backup BackupMissing says it.
              - alert: BackupVerificationFailed
                expr: |
                  backup_verification_status{status="failed"} == 1
                  unless ignoring (status) backup_mismatched_tables > 0
                  unless ignoring (status) min without (check) (backup_check_success{check=~"freshness(:.*)?"}) == 0
                  unless ignoring (status) backup_catalog_backups == 0
                keep_firing_for: 10m
                labels:
                  severity: critical
                annotations:
                  summary: The newest backup of {{ $labels.database }} would not save you.
                  description: >-
                    The newest backup of {{ $labels.database }} that was judged did not restore as it should (failed: {{
                    $value }}).
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupVerificationFailed.md

              - alert: BackupRowsMismatch
                expr: |
                  backup_mismatched_tables > 0
                  and ignoring (status) backup_verification_status{status="failed"} == 1
                keep_firing_for: 10m
                labels:
                  severity: critical
                annotations:
                  summary: The restored {{ $labels.database }} differs from what was backed up.
                  description: >-
                    {{ $value }} tables of {{ $labels.database }} came back with other rows, checksums or columns than they
                    should have.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupRowsMismatch.md

              - alert: BackupDataNotFresh
                expr: |
                  min without (check) (backup_check_success{check=~"freshness(:.*)?"}) == 0
                  and ignoring (status) backup_verification_status{status="failed"} == 1
                  unless backup_mismatched_tables > 0
                keep_firing_for: 10m
                labels:
                  severity: critical
                annotations:
                  summary: The restored data of {{ $labels.database }} is not fresh.
                  description: >-
                    The newest rows that came back with the backup of {{ $labels.database }} are too old, or in the future
                    (freshness check: {{ $value }}).
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupDataNotFresh.md

              # While the newest one is bad, that is what counts.
              - alert: BackupKnownBad
                expr: |
                  backup_known_bad_backups > 0
                  unless ignoring (status) backup_verification_status{status="failed"} == 1
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: warning
                annotations:
                  summary: Backups of {{ $labels.database }} that are known to be bad are kept.
                  description: >-
                    {{ $value }} backups of {{ $labels.database }} that failed their verification still lie there. Whoever
                    restores one of them loses time.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupKnownBad.md

              # Counted from when the database was first configured, as long as none was ever verified.
              - alert: BackupVerificationStale
                expr: |
                  (
                    time() - (backup_verification_last_success_timestamp_seconds or backup_monitored_since_timestamp_seconds)
                    > 2 * backup_verification_interval_seconds
                  )
                  unless backup_suspended == 1
                  unless backup_catalog_backups == 0
                  unless ignoring (status) backup_verification_status{status="failed"} == 1
                  unless
                  (
                    (time() - backup_verification_status_since_timestamp_seconds) > 2 * backup_verification_interval_seconds
                    and ignoring (status) backup_verification_status{status="inconclusive"} == 1
                  )
                for: 1h
                keep_firing_for: 1h10m
                labels:
                  severity: warning
                annotations:
                  summary: No backup of {{ $labels.database }} was proved to restore for too long.
                  description: >-
                    The last verified restore of {{ $labels.database }}, or the first look at it, was {{ $value |
                    humanizeDuration }} ago: more than two intervals.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupVerificationStale.md

              - alert: BackupVerificationInconclusive
                expr: |
                  (
                    (time() - backup_verification_status_since_timestamp_seconds) > 2 * backup_verification_interval_seconds
                    and ignoring (status) backup_verification_status{status="inconclusive"} == 1
                  )
                  unless backup_suspended == 1
                  unless backup_catalog_backups == 0
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: warning
                annotations:
                  summary: Whether the backups of {{ $labels.database }} restore can't be told.
                  description: >-
                    For {{ $value | humanizeDuration }} no verification of {{ $labels.database }} came to a verdict:
                    something that it needs is missing.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupVerificationInconclusive.md

              - alert: BackupRestoreTooSlow
                expr: backup_restore_duration_seconds > backup_recovery_time_objective_seconds
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: warning
                annotations:
                  summary: Restoring {{ $labels.database }} takes longer than its objective allows.
                  description: >-
                    The last verified restore of {{ $labels.database }} took {{ $value | humanizeDuration }}, and a fast
                    scratch server is quicker than the bad day will be.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/BackupRestoreTooSlow.md

          # What a backup proves by itself says nothing of the log that brings it further: drills have alerts of their own.
          - name: drills
            rules:
              - alert: RecoveryDrillFailed
                expr: backup_drill_status{status="failed"} == 1
                keep_firing_for: 10m
                labels:
                  severity: critical
                annotations:
                  summary: Recovering {{ $labels.database }} to a point in time would fail.
                  description: >-
                    The last drill of {{ $labels.database }} that came to a verdict did not recover what it should have (failed: {{
                    $value }}).
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/RecoveryDrillFailed.md

              # Counted from when drills were first configured, as long as none was ever verified.
              - alert: RecoveryDrillStale
                expr: |
                  (
                    time() - (backup_drill_last_success_timestamp_seconds or backup_drill_monitored_since_timestamp_seconds)
                    > 2 * backup_drill_interval_seconds
                  )
                  unless backup_suspended == 1
                  unless ignoring (status) backup_drill_status{status="failed"} == 1
                  unless
                  (
                    (time() - backup_drill_status_since_timestamp_seconds) > 2 * backup_drill_interval_seconds
                    and ignoring (status) backup_drill_status{status="inconclusive"} == 1
                  )
                for: 1h
                keep_firing_for: 1h10m
                labels:
                  severity: warning
                annotations:
                  summary: Recovery of {{ $labels.database }} to a point in time was not proved for too long.
                  description: >-
                    The last verified drill of {{ $labels.database }}, or the first time that one was configured, was {{ $value |
                    humanizeDuration }} ago: more than two intervals.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/RecoveryDrillStale.md

              - alert: RecoveryDrillInconclusive
                expr: |
                  (
                    (time() - backup_drill_status_since_timestamp_seconds) > 2 * backup_drill_interval_seconds
                    and ignoring (status) backup_drill_status{status="inconclusive"} == 1
                  )
                  unless backup_suspended == 1
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: warning
                annotations:
                  summary: Whether {{ $labels.database }} can be recovered to a point in time can't be told.
                  description: >-
                    For {{ $value | humanizeDuration }} no drill of {{ $labels.database }} came to a verdict: something that it
                    needs is missing, or the archive does not reach its target.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/RecoveryDrillInconclusive.md

              # The recovery alone, without what is asked of the copy afterwards.
              - alert: RecoveryDrillTooSlow
                expr: backup_drill_duration_seconds > backup_recovery_time_objective_seconds
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: warning
                annotations:
                  summary: Recovering {{ $labels.database }} to a point in time takes longer than its objective allows.
                  description: >-
                    The last verified drill of {{ $labels.database }} unpacked, replayed and promoted in {{ $value |
                    humanizeDuration }}, and a fast scratch server is quicker than the bad day will be.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/RecoveryDrillTooSlow.md

          - name: postgresql
            rules:
              - alert: PostgresUnreachable
                expr: postgres_connection_up == 0
                for: 10m
                keep_firing_for: 15m
                labels:
                  severity: warning
                annotations:
                  summary: Restorable can't reach the production server of {{ $labels.database }}.
                  description: >-
                    The production server of {{ $labels.database }} did not answer at the last attempt (up is {{ $value }}).
                    What is said of its WAL archiving is as old as its last answer.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/PostgresUnreachable.md

              # An idle server has no segment that waits, and a lag of 0.
              - alert: WALArchivingLag
                expr: postgres_wal_archiving_lag_seconds > postgres_wal_archiving_lag_objective_seconds
                for: 5m
                keep_firing_for: 10m
                labels:
                  severity: critical
                annotations:
                  summary: WAL archiving of {{ $labels.database }} lags.
                  description: >-
                    The oldest WAL segment of {{ $labels.database }} that waits to be archived has waited for {{ $value |
                    humanizeDuration }}.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/WALArchivingLag.md

              # Never a success counts too. Once the lag is over its objective WALArchivingLag says it.
              - alert: WALArchiverFailing
                expr: |
                  (
                    time() - (
                      (postgres_wal_archive_last_failure_timestamp_seconds > postgres_wal_archive_last_success_timestamp_seconds)
                      or
                      (postgres_wal_archive_last_failure_timestamp_seconds unless postgres_wal_archive_last_success_timestamp_seconds)
                    )
                  )
                  unless postgres_wal_archiving_lag_seconds > postgres_wal_archiving_lag_objective_seconds
                for: 15m
                keep_firing_for: 20m
                labels:
                  severity: warning
                annotations:
                  summary: The WAL archiver of {{ $labels.database }} fails.
                  description: >-
                    The WAL archiver of {{ $labels.database }} failed {{ $value | humanizeDuration }} ago, and has not
                    succeeded since.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/WALArchiverFailing.md

              - alert: WALArchiveUnreachable
                expr: postgres_wal_archive_up == 0
                for: 15m
                keep_firing_for: 20m
                labels:
                  severity: critical
                annotations:
                  summary: The WAL archive of {{ $labels.database }} can't be reached.
                  description: >-
                    The WAL archive of {{ $labels.database }} could not be listed at the last attempt (up is {{ $value }}).
                    What is said of it is as old as the last listing.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/WALArchiveUnreachable.md

              # What is merely late is not counted, so nothing has to be waited for.
              - alert: WALArchiveGap
                expr: postgres_wal_archive_missing_segments > 0
                keep_firing_for: 15m
                labels:
                  severity: critical
                annotations:
                  summary: The WAL archive of {{ $labels.database }} has a gap.
                  description: >-
                    The WAL archive of {{ $labels.database }} lacks {{ $value }} segments since its oldest base backup.
                    Recovery from the base backups before the gap ends there.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/WALArchiveGap.md

              # What is missing by that is counted, and WALArchiveGap's.
              - alert: WALArchiveDamaged
                expr: |
                  postgres_wal_archive_status{status="failed"} == 1
                  unless ignoring (status) postgres_wal_archive_missing_segments > 0
                keep_firing_for: 15m
                labels:
                  severity: critical
                annotations:
                  summary: The WAL archive of {{ $labels.database }} holds what can't be replayed.
                  description: >-
                    The WAL archive of {{ $labels.database }} holds segments that are damaged, cut, or another cluster's, though
                    none is missing yet (failed is {{ $value }}).
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/WALArchiveDamaged.md

              # No base backup, or one whose end was not archived yet, or nobody may read the segments; or the first look after a start
              # goes on and on. Of an archive that can't be listed WALArchiveUnreachable tells.
              - alert: WALArchiveInconclusive
                expr: |
                  postgres_wal_archive_status{status="inconclusive"} == 1
                  or
                  (postgres_wal_archive_awaited == 1 unless postgres_wal_archive_up == 0)
                for: 1h
                keep_firing_for: 1h10m
                labels:
                  severity: warning
                annotations:
                  summary: Whether one can recover from the WAL archive of {{ $labels.database }} can't be told.
                  description: >-
                    For an hour no look at the WAL archive of {{ $labels.database }} has come to a verdict (inconclusive is
                    {{ $value }}).
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/WALArchiveInconclusive.md

              # A database that is not watched for as long as its window yet may still be filling it. Without a base backup from which
              # the WAL is whole there is no window at all; after a gap WALArchiveGap says it.
              - alert: RecoveryWindowTooShort
                expr: |
                  (
                    (
                      (time() - postgres_recovery_window_start_timestamp_seconds)
                      < postgres_recovery_window_objective_seconds
                    )
                    or
                    (
                      0 * postgres_recovery_window_objective_seconds
                      unless postgres_recovery_window_start_timestamp_seconds
                      unless postgres_wal_archive_missing_segments > 0
                      and postgres_wal_archive_up == 1
                    )
                  )
                  and
                  (time() - backup_monitored_since_timestamp_seconds) > postgres_recovery_window_objective_seconds
                for: 1h
                keep_firing_for: 1h10m
                labels:
                  severity: warning
                annotations:
                  summary: One can't go back far enough with {{ $labels.database }}.
                  description: >-
                    Points in time of {{ $labels.database }} can be recovered for the last {{ $value | humanizeDuration }}
                    only, less than its objective asks for.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/RecoveryWindowTooShort.md

              # After room was made the line through the last hours still rises: what is used lies below it then.
              - alert: DatabaseDiskFull
                expr: |
                  postgres_disk_usage_bytes / postgres_disk_capacity_bytes > 0.85
                  or
                  (
                    postgres_disk_usage_bytes / postgres_disk_capacity_bytes
                    and
                    predict_linear(postgres_disk_usage_bytes[6h], 24 * 3600) > postgres_disk_capacity_bytes
                    and
                    postgres_disk_usage_bytes > avg_over_time(postgres_disk_usage_bytes[6h])
                  )
                for: 1h
                keep_firing_for: 1h10m
                labels:
                  severity: critical
                annotations:
                  summary: The disk of {{ $labels.database }} is getting full.
                  description: >-
                    The file system that holds the data of {{ $labels.database }} is {{ $value | humanizePercentage }} full,
                    or will be full within a day.
                  runbook_url: https://github.com/restorable/restorable/blob/main/docs/runbooks/DatabaseDiskFull.md

        """#
}
