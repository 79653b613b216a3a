import Backups
import Collectors
import Exposition

/// What a run that ends leaves for Prometheus: the verification gauges of its configured databases.
struct OneShotMetrics {
    /// What is said of one database.
    struct Group {
        fileprivate let facts: DatabaseFacts
        /// All is said: what the run before said goes. Else only that this one was made is said, and what was said of the
        /// database stays.
        let isWhole: Bool

        var database: String { facts.name }
        var text: String { OneShotMetrics.text([self]) }
    }

    /// By database; of several backups of one, the newest that was judged.
    let groups: [Group]

    /// - Parameters:
    ///   - intervals: how often a verified restore is due, by database.
    ///   - present: the backups that are there, by database; of one that is missing it is not known.
    ///   - earlier: what the run before this one left, for those that have none of these reports too. `nil` where that can't
    ///     be read: then nothing but a verdict may replace it.
    init(
        _ reports: [VerificationReport], intervals: [String: Duration], present: [String: [CatalogBackup]] = [:],
        after earlier: EarlierMetrics?
    ) {
        let named = Dictionary(grouping: reports.filter { $0.database != nil }, by: { $0.database ?? "" })
        groups = named.compactMap { name, reports in
            guard let newest = reports.max(by: { Self.time($0) < Self.time($1) }) else { return nil }
            var facts = earlier?.facts(of: name) ?? VerificationFacts()
            let outcome = BackupStanding.Outcome(newest.conclusion)
            let isVerdict = outcome.verdict == .failed || outcome.isWholeSuccess
            let proved = ProvedBackup(facts)
            // A week in which nothing could be checked, or not all of it was, takes no failure back: there is nobody else to
            // remember it.
            let keepsFailure = facts.status == .failed && !isVerdict
            facts.note(newest, decides: !keepsFailure, judges: !keepsFailure && outcome.verdict != .inconclusive)
            facts.knownBad = max(reports.count { $0.conclusion.verdict == .failed }, keepsFailure ? facts.knownBad : 0)
            facts.verifiedBackupTime = proved.newest(with: reports, present: present[name])
            return Group(
                facts: DatabaseFacts(
                    name: name, monitoredSince: newest.startedAt,
                    objectives: ConfiguredObjectives(verifyEvery: intervals[name]), verification: facts),
                isWhole: earlier != nil || isVerdict)
        }.sorted { $0.database < $1.database }
    }

    private static func time(_ report: VerificationReport) -> Timestamp {
        report.backup.time.asOf ?? report.backup.time.completedAt ?? report.startedAt
    }

    /// Text 0.0.4 of all of them.
    var text: String { Self.text(groups) }

    /// What is true of a run whatever was said before it.
    private static let ofRun: Set<String> = [
        "backup_verification_interval_seconds", "backup_verification_last_run_timestamp_seconds",
        "backup_verification_stage_duration_seconds",
    ]

    private static func text(_ groups: [Group]) -> String {
        let families = MetricsPage.oneShotFamilies(FleetFacts(databases: groups.map(\.facts)))
        let said = groups.allSatisfy(\.isWhole) ? families : families.filter { ofRun.contains($0.name) }
        return String(decoding: ExpositionEncoder.encode(said, as: .text), as: UTF8.self)
    }
}
