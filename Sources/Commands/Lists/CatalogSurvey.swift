import Backups
import Daemon
import Integrity
import Locations
import Reports
import Settings
import Verification

/// What lies at the locations of the configuration now, by database: one of its own, or one that was found there.
struct CatalogSurvey {
    /// What one database has, as far as its location could be listed.
    struct Holding {
        let settings: DatabaseSettings
        let candidates: Result<[Catalog.Candidate], Obstacle>
        /// What the times of its entries are of.
        var clock = LocationClock.own

        /// Whether backups of the database `name` are among these, or may be where the location can't be listed.
        func isOf(_ name: String) -> Bool {
            guard case .failure = candidates else { return settings.name == name }
            return settings.name == name || settings.captured(from: name) != nil
        }
    }

    /// By name; an entry that found nothing has its own.
    let holdings: [Holding]
    /// What could not be listed: sentences without their full stop.
    let notices: [String]

    /// Looks at all locations of these entries.
    init(_ entries: [DatabaseSettings], by reader: CatalogReader = CatalogReader()) {
        var reader = reader
        holdings = reader.read(entries).flatMap { finding -> [Holding] in
            switch finding.databases {
            case .failure(let obstacle): [Holding(settings: finding.entry, candidates: .failure(obstacle))]
            case .success(let found) where found.isEmpty:
                [Holding(settings: finding.entry, candidates: .success([]))]
            case .success(let found):
                found.map {
                    Holding(settings: $0.database, candidates: .success($0.candidates), clock: finding.clock)
                }
            }
        }.sorted { $0.settings.name < $1.settings.name }
        notices = reader.notices
    }
}

extension BackupList {
    /// - Parameter lastRuns: what the history last said of the backups of this database.
    init(_ holding: CatalogSurvey.Holding, lastRuns: [BackupIdentity: RunSummary], at now: Timestamp) {
        let (name, location) = (holding.settings.name, holding.settings.backups.location)
        let backups = holding.candidates.map { candidates in
            var catalog = Catalog()
            catalog.see(candidates, by: holding.clock, at: now)
            return catalog.facts.backups.map { ($0, false) } + catalog.unfinished.map { ($0, true) }
        }
        self.init(
            database: name, location: location,
            backups: backups.map { backups in
                backups.enumerated().map { index, listed in
                    let (backup, isInProgress) = listed
                    let isNew = index >= backups.count - ListedContent.mostRemote
                    return ListedBackup(
                        database: name, location: location, backup: backup, isInProgress: isInProgress,
                        content: isInProgress ? ListedContent() : ListedContent(of: backup.identity.path, isNew: isNew),
                        lastRun: lastRuns[backup.identity])
                }
            })
    }
}

extension ListedContent {
    /// So many, the newest, are asked of a store what they are: each is a request or two.
    static let mostRemote = 50

    /// From the first bytes of the backup at `path`.
    fileprivate init(of path: String, isNew: Bool) {
        // Whoever listed it knows what it is.
        if let address = RepositoryAddress(path) {
            self.init(format: address.tool.format)
            return
        }
        do {
            let locations = KnownLocations.ofRounds
            guard try isNew || locations.remote(path) == nil else {
                self.init()
                return
            }
            let remote = try RemoteBackup.find(path, in: locations, cancellation: Cancellation())
            switch try remote?.sniff() ?? FormatSniffer.sniff(path: path) {
            case .dump(let format, let compression): self.init(format: format, compression: compression)
            case .empty: self.init(note: "empty")
            case .encrypted(let encryption): self.init(note: "encrypted (\(encryption.rawValue))")
            case .unsupported(let name, _): self.init(note: name)
            case .notABackup(let name, _): self.init(note: name)
            case .stump(let name): self.init(note: "cut: the first bytes of \(name)")
            case .foreignOutput: self.init(note: "output of a program")
            case .tableOfContentsMissing: self.init(note: "directory without toc.dat")
            case .folder(_, let files): self.init(note: "directory of \(files) files")
            case .unknown: self.init(note: "unknown")
            }
        } catch {
            self.init(note: "unreadable")
        }
    }
}
