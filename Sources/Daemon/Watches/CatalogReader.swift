package import Backups
import Locations
package import Settings

/// Finds the backups of configured databases, and the databases that an entry with `{database}` stands for. The daemon and
/// the commands that look once share it.
package struct CatalogReader {
    /// What one entry of the configuration found at its location.
    package struct Finding: Sendable {
        package let entry: DatabaseSettings
        /// The databases and what may be backups of them: of an entry that discovers, those that have any. Or why the
        /// location could not be listed.
        package let databases: Result<[Candidates], Obstacle>
        /// Directories of it that could not be listed; the rest was.
        package let skipped: [String]
    }

    package struct Candidates: Sendable {
        package let database: DatabaseSettings
        package let candidates: [Catalog.Candidate]
    }

    /// Most databases that one entry discovers. Who can write to a location must not be able to fill the metrics.
    package static let mostDiscovered = 10_000

    private var manifests = ManifestReader()
    /// Parts of locations that could not be listed, and names that more than one entry found, at the last ``read(_:)``:
    /// sentences without their full stop.
    package private(set) var notices: [String] = []

    package init() {}

    /// Looks at all locations; each is listed once, however many databases lie there. In the order of `entries`.
    package mutating func read(_ entries: [DatabaseSettings]) -> [Finding] {
        notices = []
        var listings: [String: Result<LocationListing, Obstacle>] = [:]
        // Who has a name of its own in the configuration is not discovered under it.
        var taken = Set(entries.filter { !$0.discovers }.map(\.name))
        var findings: [Finding] = []
        for entry in entries {
            let location = entry.backups.location
            let listing = listings[location] ?? list(location)
            listings[location] = listing
            findings.append(
                Finding(
                    entry: entry, databases: listing.map { find(entry, in: $0, &taken) },
                    skipped: (try? listing.get().skipped) ?? []))
        }
        manifests.forgetOthers()
        return findings
    }

    private mutating func list(_ location: String) -> Result<LocationListing, Obstacle> {
        do {
            let listing = try DirectoryLocation(location).list()
            notices += listing.skipped.map { "\($0) can't be listed" }
            return .success(listing)
        } catch {
            return .failure(error as? Obstacle ?? Obstacle(.internalError, "\(error)"))
        }
    }

    private mutating func find(
        _ entry: DatabaseSettings, in listing: LocationListing, _ taken: inout Set<String>
    ) -> [Candidates] {
        var found: [String: [Catalog.Candidate]] = [:]
        var isOverfull = false
        for item in listing.entries {
            guard let match = entry.backups.match(item) else { continue }
            let name = match.database ?? ""
            guard found[name] != nil || found.count < Self.mostDiscovered else {
                isOverfull = true
                continue
            }
            let times = item.hasManifest ? manifests.times(of: item.identity) : nil
            found[name, default: []].append(entry.backups.candidate(item, match, times))
        }
        guard entry.discovers else { return [Candidates(database: entry, candidates: found[""] ?? [])] }
        if isOverfull {
            notices.append(
                "\(entry.backups.location) has more than \(Self.mostDiscovered) databases; others are left out")
        }
        return found.sorted { $0.key < $1.key }.compactMap { captured, candidates in
            let database = entry.database(captured)
            guard taken.insert(database.name).inserted else { return nil }
            return Candidates(database: database, candidates: candidates)
        }
    }
}
