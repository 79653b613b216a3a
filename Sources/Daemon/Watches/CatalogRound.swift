import Backups
import Logging
import Settings

/// The catalogs of all databases, and one look at their locations.
struct CatalogRound {
    let clock: @Sendable () -> Timestamp
    let log: Logger
    private var entries: [DatabaseSettings] = []
    /// By entry, then by database.
    private(set) var catalogs: [String: [String: Catalog]] = [:]
    private var reader: CatalogReader
    private var notices: Set<String> = []

    init(clock: @escaping @Sendable () -> Timestamp, reader: CatalogReader? = nil, log: Logger) {
        self.clock = clock
        self.log = log
        self.reader = reader ?? CatalogReader(clock: clock)
    }

    mutating func configure(_ entries: [DatabaseSettings]) {
        self.entries = entries
        let names = Set(entries.map(\.name))
        catalogs = catalogs.filter { names.contains($0.key) }
    }

    mutating func look() -> [CatalogLook] {
        let looks = reader.read(entries).map { finding in
            let name = finding.entry.name
            var known = catalogs[name] ?? [:]
            let problem = see(finding, &known)
            catalogs[name] = known
            return CatalogLook(
                entry: name, problem: problem,
                databases: known.map { DatabaseLook(database: $0.key, facts: $0.value.facts) },
                closed: finding.skipped)
        }
        // Each is told when it begins.
        for notice in reader.notices where !notices.contains(notice) { log.warning("\(notice)") }
        notices = Set(reader.notices)
        return looks
    }

    /// - Returns: why the location could not be listed.
    func see(_ finding: CatalogReader.Finding, _ catalogs: inout [String: Catalog]) -> String? {
        switch finding.databases {
        case .success(let databases):
            let now = clock()
            let found = Dictionary(uniqueKeysWithValues: databases.map { ($0.database.name, $0.candidates) })
            // One that has no backups left has no catalog; what is said of it is for the conductor, who knows its past.
            for name in Set(found.keys).union(catalogs.keys) {
                if let closed = catalogs[name]?.directory(among: finding.skipped) {
                    catalogs[name]?.fail("\(closed) can't be listed")
                } else if let candidates = found[name] {
                    catalogs[name, default: Catalog()].see(candidates, by: finding.clock, at: now)
                    if candidates.isEmpty, let closed = finding.unseen {
                        catalogs[name]?.fail("\(closed) can't be listed")
                    }
                } else {
                    catalogs[name] = nil
                }
            }
            return nil
        case .failure(let obstacle):
            if !finding.entry.discovers, catalogs.isEmpty { catalogs[finding.entry.name] = Catalog() }
            for name in catalogs.keys { catalogs[name]?.fail(obstacle.message) }
            return obstacle.message
        }
    }
}
