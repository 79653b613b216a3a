import Backups
import Collectors
import Exposition

/// What a run that ends leaves for Prometheus: the verification gauges of its configured databases.
struct OneShotMetrics {
    /// By database; of several backups of one, the newest that was judged.
    private let databases: [DatabaseFacts]

    /// - Parameters:
    ///   - intervals: how often a verified restore is due, by database.
    ///   - earlier: what the run before this one left, for those that have none of these reports too.
    init(_ reports: [VerificationReport], intervals: [String: Duration], after earlier: EarlierMetrics = .init()) {
        let named = Dictionary(grouping: reports.filter { $0.database != nil }, by: { $0.database ?? "" })
        databases = named.compactMap { name, reports in
            guard let newest = reports.max(by: { Self.time($0) < Self.time($1) }) else { return nil }
            var facts = earlier.facts(of: name)
            let outcome = BackupStanding.Outcome(newest.conclusion)
            // A week in which nothing could be checked, or not all of it was, takes no failure back: there is nobody else to
            // remember it.
            let keepsFailure = facts.status == .failed && outcome.verdict != .failed && !outcome.isWholeSuccess
            facts.note(newest, decides: !keepsFailure, judges: !keepsFailure && outcome.verdict != .inconclusive)
            facts.knownBad = max(reports.count { $0.conclusion.verdict == .failed }, keepsFailure ? facts.knownBad : 0)
            let proved = reports.filter { BackupStanding.Outcome($0.conclusion).isWholeSuccess }
            facts.verifiedBackupTime = proved.compactMap(\.backup.time.asOf).max() ?? facts.verifiedBackupTime
            return DatabaseFacts(
                name: name, monitoredSince: newest.startedAt,
                objectives: ConfiguredObjectives(verifyEvery: intervals[name]), verification: facts)
        }.sorted { $0.name < $1.name }
    }

    private static func time(_ report: VerificationReport) -> Timestamp {
        report.backup.time.asOf ?? report.backup.time.completedAt ?? report.startedAt
    }

    /// Text 0.0.4 of all of them.
    var text: String { Self.text(databases) }

    /// The same for each database, as a Pushgateway groups them.
    var groups: [(database: String, text: String)] { databases.map { ($0.name, Self.text([$0])) } }

    private static func text(_ databases: [DatabaseFacts]) -> String {
        let families = MetricsPage.oneShotFamilies(FleetFacts(databases: databases))
        return String(decoding: ExpositionEncoder.encode(families, as: .text), as: UTF8.self)
    }
}
