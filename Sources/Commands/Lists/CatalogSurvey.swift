import Backups
import Integrity
import Locations
import Reports
import Settings
import Verification

/// What lies at the locations of configured databases now.
struct CatalogSurvey {
    private var listings: [String: Result<LocationListing, Obstacle>] = [:]

    /// - Parameter lastRuns: what the history last said of the backups of this database.
    mutating func list(
        _ settings: DatabaseSettings, lastRuns: [BackupIdentity: RunSummary], at now: Timestamp
    ) -> BackupList {
        let location = settings.backups.location
        let backups = candidates(of: settings).map { candidates in
            var catalog = Catalog()
            catalog.see(candidates, at: now)
            return catalog.facts.backups.map { ($0, false) } + catalog.unfinished.map { ($0, true) }
        }
        return BackupList(
            database: settings.name, location: location,
            backups: backups.map { backups in
                backups.map { backup, isInProgress in
                    ListedBackup(
                        database: settings.name, location: location, backup: backup, isInProgress: isInProgress,
                        content: isInProgress ? ListedContent() : ListedContent(of: backup.identity.path),
                        lastRun: lastRuns[backup.identity])
                }
            })
    }

    /// Parts of the locations that could not be listed.
    var skipped: [String] {
        listings.values.flatMap { (try? $0.get().skipped) ?? [] }.sorted()
    }

    private mutating func candidates(of settings: DatabaseSettings) -> Result<[Catalog.Candidate], Obstacle> {
        let location = settings.backups.location
        // Databases often share a location: each is listed once.
        let listing = listings[location] ?? Self.listing(of: location)
        listings[location] = listing
        return listing.map { listing in
            listing.entries.compactMap { entry in
                settings.backups.match(entry).map {
                    Catalog.Candidate(entry: entry, dataAsOf: Self.manifestTime(of: entry) ?? $0.time)
                }
            }
        }
    }

    /// `nil` where no manifest tells it; one that can't be read is for the verification to judge.
    private static func manifestTime(of entry: LocationEntry) -> Timestamp? {
        guard entry.hasManifest else { return nil }
        return (try? ManifestFile.read(ManifestName.manifest(of: entry.identity.path)))?.snapshotAt
    }

    private static func listing(of location: String) -> Result<LocationListing, Obstacle> {
        do {
            return .success(try DirectoryLocation(location).list())
        } catch {
            return .failure(error as? Obstacle ?? Obstacle(.internalError, "\(location) can't be listed", cause: error))
        }
    }
}

extension ListedContent {
    /// From the first bytes of the backup at `path`.
    fileprivate init(of path: String) {
        do {
            switch try FormatSniffer.sniff(path: path) {
            case .dump(let format, let compression): self.init(format: format, compression: compression)
            case .empty: self.init(note: "empty")
            case .encrypted(let encryption): self.init(note: "encrypted (\(encryption.rawValue))")
            case .unsupported(let name, _): self.init(note: name)
            case .notABackup(let name, _): self.init(note: name)
            case .foreignOutput: self.init(note: "output of a program")
            case .tableOfContentsMissing: self.init(note: "directory without toc.dat")
            case .unknown: self.init(note: "unknown")
            }
        } catch {
            self.init(note: "unreadable")
        }
    }
}
