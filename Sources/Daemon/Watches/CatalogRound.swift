import Backups
import Logging
import Settings

/// The catalogs of all databases, and one look at their locations.
struct CatalogRound {
    /// How long one look waits for a location: that long the others wait with it.
    private static let grace = Duration.seconds(15)

    let clock: @Sendable () -> Timestamp
    let log: Logger
    /// What lay at the location when it was last listed, as far as the history knows.
    private let recall: (String) -> [CatalogBackup]
    private var entries: [DatabaseSettings] = []
    /// By entry, then by database.
    private(set) var catalogs: [String: [String: Catalog]] = [:]
    private var reader: CatalogReader
    private var notices: Set<String> = []
    /// What was last seen of each entry.
    private var latest: [String: CatalogLook] = [:]

    /// - Parameter recall: tells the backups of a database that were there when an earlier daemon last looked.
    init(
        clock: @escaping @Sendable () -> Timestamp, reader: CatalogReader? = nil,
        recall: @escaping (String) -> [CatalogBackup] = { _ in [] }, log: Logger
    ) {
        self.clock = clock
        self.recall = recall
        self.log = log
        self.reader = reader ?? CatalogReader(grace: Self.grace, clock: clock)
    }

    mutating func configure(_ entries: [DatabaseSettings]) {
        self.entries = entries
        let names = Set(entries.map(\.name))
        catalogs = catalogs.filter { names.contains($0.key) }
        // It may lie elsewhere from now on.
        latest = [:]
    }

    /// An entry whose location is still being listed is as it was; one that never was listed is not among them.
    mutating func look() -> [CatalogLook] {
        for finding in reader.read(entries) {
            let name = finding.entry.name
            var known = catalogs[name] ?? [:]
            let problem = see(finding, &known)
            catalogs[name] = known
            latest[name] = CatalogLook(
                entry: name, problem: problem,
                databases: known.map { DatabaseLook(database: $0.key, facts: $0.value.facts) },
                closed: finding.skipped)
        }
        // Each is told when it begins.
        for notice in reader.notices where !notices.contains(notice) { log.warning("\(notice)") }
        notices = Set(reader.notices)
        return entries.compactMap { latest[$0.name] }
    }

    /// - Returns: why the location could not be listed.
    func see(_ finding: CatalogReader.Finding, _ catalogs: inout [String: Catalog]) -> String? {
        switch finding.databases {
        case .success(let databases):
            let seen = finding.seen ?? (began: clock(), ended: clock())
            let found = Dictionary(uniqueKeysWithValues: databases.map { ($0.database.name, $0.candidates) })
            // After a restart nothing has to hold still that did so before.
            for name in found.keys where catalogs[name] == nil { catalogs[name] = Catalog(recalling: recall(name)) }
            // One that has no backups left has no catalog; what is said of it is for the conductor, who knows its past.
            for name in Set(found.keys).union(catalogs.keys) {
                if let closed = catalogs[name]?.directory(among: finding.skipped) {
                    catalogs[name]?.fail("\(closed) can't be listed")
                } else if let candidates = found[name] {
                    catalogs[name]?.see(candidates, by: finding.clock, at: seen.began, until: seen.ended)
                    if candidates.isEmpty, let closed = finding.unseen {
                        catalogs[name]?.fail("\(closed) can't be listed")
                    }
                } else {
                    catalogs[name] = nil
                }
            }
            return nil
        case .failure(let obstacle):
            let name = finding.entry.name
            if !finding.entry.discovers, catalogs.isEmpty { catalogs[name] = Catalog(recalling: recall(name)) }
            for name in catalogs.keys { catalogs[name]?.fail(obstacle.message) }
            return obstacle.message
        }
    }
}
