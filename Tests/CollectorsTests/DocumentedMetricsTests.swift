import Backups
import Exposition
import Foundation
import Testing

@testable import Collectors

/// Every metric that documentation, rules, dashboards or deployment name is one that the program has.
@Suite struct DocumentedMetricsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL.path

    /// Words that look like metrics and are none: what they are.
    private static let others = [
        "backup_every": "objectives.backup_every", "restorable_scratch": "the superuser of scratch servers",
        "backup_label": "a file of a base backup", "backup_manifest": "a file of a base backup",
        "postgres_exporter": "Prometheus' own, which the benchmark stands beside",
    ]

    private static let known = Set(
        MetricsPage.families(FleetFacts(databases: [DatabaseFacts(name: "a", monitoredSince: Timestamp(seconds: 0))]))
            .map(\.name))

    private static func files() -> [String] {
        ["docs", "alerts", "dashboards", "deploy"].flatMap { folder in
            (FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.compactMap { $0 as? String } ?? [])
                .filter { name in ["md", "yml", "yaml", "json"].contains { name.hasSuffix("." + $0) } }
                .map { "\(folder)/\($0)" }
        } + ["README.md", "CHANGELOG.md"]
    }

    private static func names(in text: String) -> Set<String> {
        Set(text.matches(of: /\b(?:backup|postgres|restorable)_[a-z0-9_]*[a-z0-9]\b/).map { String($0.0) })
    }

    @Test func everyNameIsAMetric() throws {
        #expect(Self.known.count > 40)
        var seen: Set<String> = []
        for file in Self.files().sorted() {
            let names = Self.names(in: try String(contentsOfFile: "\(Self.root)/\(file)", encoding: .utf8))
            seen.formUnion(names)
            let unknown = names.subtracting(Self.known).subtracting(Self.others.keys)
            #expect(unknown == [], "\(file)")
        }
        #expect(seen.intersection(Self.known).count > 40)
        #expect(Set(Self.others.keys).isSubset(of: seen))
    }

    @Test func aNameThatIsNoneIsSeen() {
        let names = Self.names(in: "`backup_size_bytes` and backup_sise_bytes{database=\"a\"}")
        #expect(names.subtracting(Self.known) == ["backup_sise_bytes"])
    }
}
