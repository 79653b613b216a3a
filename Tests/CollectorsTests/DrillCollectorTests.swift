import Backups
import Exposition
import Testing

@testable import Collectors

@Suite struct DrillCollectorTests {
    private static func report(_ verdict: Verdict, at seconds: Int64) -> VerificationReport {
        var report = VerificationReport(
            backup: BackupFacts(location: "/b", name: "base"),
            conclusion: Conclusion(
                verdict: verdict, reason: nil, message: "m", hint: nil, proof: .none, provedThrough: nil,
                content: .unproved),
            startedAt: Timestamp(seconds: seconds - 5), finishedAt: Timestamp(seconds: seconds))
        var facts = DrillFacts(target: "latest", archive: "/w", files: 1, bytes: 42)
        if verdict == .verified {
            report.restore = RestoreFacts(seconds: 9.5, profile: .fast, bytes: 1)
            (facts.replaySeconds, facts.promoteSeconds) = (2, 0.5)
            facts.lastTransaction = Timestamp(seconds: 77)
        }
        report.drill = facts
        return report
    }

    private func samples(_ record: DrillRecord?) -> [String: Double] {
        var database = DatabaseFacts(name: "shop", monitoredSince: Timestamp(seconds: 1))
        database.drill = record
        let families = DrillCollector().collect(FleetFacts(databases: [database]))
        return families.reduce(into: [:]) { samples, family in
            for sample in family.samples {
                let labels = sample.labels.filter { $0.name != "database" }.map(\.value).joined()
                samples[labels.isEmpty ? family.name : "\(family.name) \(labels)"] = sample.value
            }
        }
    }

    @Test func withoutADrillInTheConfigurationThereIsNothing() {
        #expect(samples(nil) == [:])
        #expect(samples(DrillRecord())["backup_drill_status never"] == 1)
    }

    /// Counters are there from the first scrape, and what is not known is absent.
    @Test func beforeTheFirstOneItIsNever() {
        var record = DrillRecord()
        (record.since, record.every, record.nextRun) = (Timestamp(seconds: 3), .seconds(60), Timestamp(seconds: 99))
        #expect(
            samples(record) == [
                "backup_drill_status verified": 0, "backup_drill_status failed": 0,
                "backup_drill_status inconclusive": 0, "backup_drill_status never": 1,
                "backup_drill_runs_total verified": 0, "backup_drill_runs_total failed": 0,
                "backup_drill_runs_total inconclusive": 0, "backup_drill_in_progress": 0,
                "backup_drill_interval_seconds": 60, "backup_drill_monitored_since_timestamp_seconds": 3,
                "backup_drill_next_run_timestamp_seconds": 99,
            ])
    }

    @Test func whatWasRecoveredIsOfTheLastVerifiedOne() {
        var record = DrillRecord()
        record.note(Self.report(.verified, at: 100))
        record.note(Self.report(.failed, at: 200))
        record.note(Self.report(.inconclusive, at: 300))
        let samples = samples(record)
        #expect(samples["backup_drill_status failed"] == 1 && samples["backup_drill_status inconclusive"] == 0)
        #expect(samples["backup_drill_status_since_timestamp_seconds"] == 200)
        #expect(samples["backup_drill_last_run_timestamp_seconds"] == 300)
        #expect(samples["backup_drill_last_success_timestamp_seconds"] == 100)
        #expect(samples["backup_drill_duration_seconds"] == 9.5 && samples["backup_drill_replayed_bytes"] == 42)
        #expect(samples["backup_drill_replay_duration_seconds"] == 2)
        #expect(samples["backup_drill_promote_duration_seconds"] == 0.5)
        #expect(samples["backup_drill_recovered_to_timestamp_seconds"] == 77)
        #expect(samples["backup_drill_runs_total inconclusive"] == 1)
    }
}
