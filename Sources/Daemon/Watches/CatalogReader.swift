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
        /// What the times of its entries are of.
        package var clock = LocationClock.own

        /// One of them that may hold backups: where it can't be seen whether there are any, none are missing either.
        package var unseen: String? {
            guard entry.backups.match?.text.contains("/") == true else { return nil }
            // Every file system of Linux has one at its root, for root alone (mklost+found(8)).
            return skipped.first { !$0.hasSuffix("/lost+found") }
        }
    }

    package struct Candidates: Sendable {
        package let database: DatabaseSettings
        package let candidates: [Catalog.Candidate]
    }

    /// Most databases that one entry discovers. Who can write to a location must not be able to fill the metrics.
    package static let mostDiscovered = 10_000

    private let limit: Int
    private let clock: @Sendable () -> Timestamp
    private let list: @Sendable (String) throws -> LocationListing
    private var manifests = ManifestReader()
    /// What each entry found at the last look: whoever adds names takes no place of those that are there.
    private var known: [String: Set<String>] = [:]
    /// Parts of locations that could not be listed, and names that more than one entry found, at the last ``read(_:)``:
    /// sentences without their full stop.
    package private(set) var notices: [String] = []
    /// How many paths were held against a pattern at the last ``read(_:)``: what a look costs beside the listing.
    private(set) var triedMatches = 0

    /// - Parameters:
    ///   - limit: most databases that one entry discovers.
    ///   - patience: how long one location is waited for: one that hangs must not hold up the others for good.
    ///   - list: lists a location, or throws an ``Obstacle``.
    package init(
        limit: Int = mostDiscovered, patience: Duration = .seconds(120),
        clock: @escaping @Sendable () -> Timestamp = { .now() },
        list: @escaping @Sendable (String) throws -> LocationListing = Self.survey
    ) {
        self.limit = limit
        self.clock = clock
        let patient = PatientListing(patience: patience, list: list)
        self.list = { try patient.listing(of: $0) }
    }

    package static func survey(_ address: String) throws -> LocationListing {
        try KnownLocations.ofRounds.location(address).survey(cancellation: Cancellation())
    }

    /// Looks at all locations; each is listed once, however many databases lie there. In the order of `entries`.
    package mutating func read(_ entries: [DatabaseSettings]) -> [Finding] {
        (notices, triedMatches) = ([], 0)
        let sharing = Dictionary(grouping: entries, by: \.backups.location).mapValues(\.count)
        var listings: [String: Result<Listed, Obstacle>] = [:]
        // Who has a name of its own in the configuration is not discovered under it.
        var taken = Set(entries.filter { !$0.discovers }.map(\.name))
        var findings: [Finding] = []
        for entry in entries {
            let location = entry.backups.location
            let listing = listings[location] ?? look(at: location, for: sharing[location] ?? 1)
            listings[location] = listing
            switch listing {
            case .success(let listed):
                findings.append(
                    Finding(
                        entry: entry, databases: .success(find(entry, in: listed, &taken)),
                        skipped: listed.listing.skipped, clock: listed.clock))
            case .failure(let obstacle):
                findings.append(Finding(entry: entry, databases: .failure(obstacle), skipped: [], clock: .own))
            }
        }
        manifests.forgetOthers()
        return findings
    }

    /// What lies at a location.
    private struct Listed {
        let listing: LocationListing
        let clock: LocationClock
        /// Where many entries look for their own.
        let index: ListingIndex?

        func entries(beginningWith prefix: [UInt8]) -> ArraySlice<LocationEntry> {
            index?.entries(beginningWith: prefix) ?? listing.entries[...]
        }
    }

    /// - Parameter count: how many entries of the configuration lie there.
    private mutating func look(at location: String, for count: Int) -> Result<Listed, Obstacle> {
        do {
            let listing = try list(location)
            notices += listing.skipped.map { "\($0) can't be listed" }
            let index = count < ListingIndex.fewest ? nil : ListingIndex(listing)
            return .success(Listed(listing: listing, clock: listing.clock(at: clock()), index: index))
        } catch {
            return .failure(error as? Obstacle ?? Obstacle(.internalError, "\(error)"))
        }
    }

    private mutating func find(
        _ entry: DatabaseSettings, in listed: Listed, _ taken: inout Set<String>
    ) -> [Candidates] {
        var found: [String: [Catalog.Candidate]] = [:]
        let known = known[entry.name] ?? []
        var places = limit - known.count
        var isOverfull = false
        var misdated = 0
        let pattern = entry.backups.match
        for item in listed.entries(beginningWith: pattern?.prefix ?? []) where pattern?.mayMatch(item.path) ?? true {
            triedMatches += 1
            guard let match = entry.backups.match(item) else { continue }
            let name = match.database ?? ""
            if found[name] == nil, !known.contains(name) {
                guard places > 0 else {
                    isOverfull = true
                    continue
                }
                places -= 1
            }
            if entry.backups.isMisdated(item, match) { misdated += 1 }
            let times = item.hasManifest ? manifests.times(of: item.identity) : nil
            found[name, default: []].append(entry.backups.candidate(item, match, times))
        }
        if misdated > 0 {
            notices.append(
                "\(entry.backups.location) has \(Quantity.count(UInt64(misdated), "backup")) of \(entry.name) whose names "
                    + "say a time after they were written; it is not believed")
        }
        guard entry.discovers else { return [Candidates(database: entry, candidates: found[""] ?? [])] }
        self.known[entry.name] = Set(found.keys)
        if isOverfull {
            notices.append(
                "\(entry.backups.location) has more than \(limit) databases; others are left out")
        }
        return found.sorted { $0.key < $1.key }.compactMap { captured, candidates in
            let database = entry.database(captured)
            guard taken.insert(database.name).inserted else { return nil }
            return Candidates(database: database, candidates: candidates)
        }
    }
}
