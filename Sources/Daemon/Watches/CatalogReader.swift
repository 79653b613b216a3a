package import Backups
import Locations
import PostgreSQL
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
        /// When the location was listed: each part of it was seen between these moments. `nil`: now.
        var seen: (began: Timestamp, ended: Timestamp)?

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
    private var listings: LocationListings
    private let patience: Duration
    private let readManifest: ManifestReader.Read
    /// What the manifests of each location told.
    private var times: [String: ManifestReader.Times] = [:]
    /// What each entry found at the last look: whoever adds names takes no place of those that are there.
    private var known: [String: Set<String>] = [:]
    /// By location.
    private var remarks: [String: [String]] = [:]
    /// Parts of locations that could not be listed, and names that are not believed, when they were last listed: sentences
    /// without their full stop.
    package var notices: [String] { remarks.sorted { $0.key < $1.key }.flatMap(\.value) }
    /// How many paths were held against a pattern at the last ``read(_:)``: what a look costs beside the listing.
    private(set) var triedMatches = 0

    /// - Parameters:
    ///   - limit: most databases that one entry discovers.
    ///   - patience: whoever takes longer is down: one that hangs must not hold up the others for good.
    ///   - grace: how long one look waits for a location, where what comes later is for the next one; `nil`: as long as
    ///     patience lasts.
    ///   - list: lists a location, or throws an ``Obstacle``.
    package init(
        limit: Int = mostDiscovered, patience: Duration = .seconds(120), grace: Duration? = nil,
        clock: @escaping @Sendable () -> Timestamp = { .now() },
        list: @escaping @Sendable (String) throws -> LocationListing = Self.survey
    ) {
        self.init(
            limit: limit, patience: patience, grace: grace, clock: clock, list: list,
            readManifest: ManifestReader.stored)
    }

    /// - Parameter readManifest: may block as long as `list` may.
    init(
        limit: Int = mostDiscovered, patience: Duration = .seconds(120), grace: Duration? = nil,
        clock: @escaping @Sendable () -> Timestamp = { .now() },
        list: @escaping @Sendable (String) throws -> LocationListing, readManifest: @escaping ManifestReader.Read
    ) {
        self.limit = limit
        self.patience = patience
        self.readManifest = readManifest
        listings = LocationListings(patience: patience, grace: grace ?? patience, clock: clock, list: list)
    }

    package static func survey(_ address: String) throws -> LocationListing {
        if let repository = RepositoryAddress(address) {
            return try repository.open(in: KnownLocations.ofRounds).listing(Cancellation())
        }
        return try KnownLocations.ofRounds.location(address).survey(cancellation: Cancellation())
    }

    /// Looks at all locations; each is listed once, however many databases lie there. In the order of `entries`, without
    /// those whose location is still being listed.
    package mutating func read(_ entries: [DatabaseSettings]) -> [Finding] {
        triedMatches = 0
        let sharing = Dictionary(grouping: entries.map(\.backups), by: \.location)
        remarks = remarks.filter { sharing[$0.key] != nil }
        times = times.filter { sharing[$0.key] != nil }
        let looks = listings.look(at: sharing.mapValues(manifests(of:)))
        var places: [String: Result<Place, Obstacle>] = [:]
        for (location, look) in looks {
            guard let sharers = sharing[location] else { continue }
            if case .success(let listed) = look {
                remarks[location] = listed.listing.skipped.map { "\($0) can't be listed" }
                times[location] = listed.times
            } else {
                remarks[location] = nil
            }
            places[location] = look.map { Place($0, sharedBy: sharers.count) }
        }
        // Who has a name of its own in the configuration is not discovered under it.
        var taken = Set(entries.filter { !$0.discovers }.map(\.name))
        var findings: [Finding] = []
        for entry in entries {
            let place = places[entry.backups.location]
            guard case .success(let place)? = place else {
                // What it found before stays its own.
                if entry.discovers { taken.formUnion((known[entry.name] ?? []).map { entry.database($0).name }) }
                guard case .failure(let obstacle)? = place else { continue }
                findings.append(Finding(entry: entry, databases: .failure(obstacle), skipped: []))
                continue
            }
            findings.append(
                Finding(
                    entry: entry, databases: .success(find(entry, in: place, &taken)),
                    skipped: place.listed.listing.skipped, clock: place.clock,
                    seen: (place.listed.began, place.listed.ended)))
        }
        return findings
    }

    /// Who reads the manifests of a location.
    private func manifests(of sharers: [BackupSettings]) -> ManifestReader {
        ManifestReader(
            known: sharers.first.flatMap { times[$0.location] } ?? [:], limit: patience / 2, read: readManifest,
            isWanted: { entry in
                sharers.contains { ($0.match?.mayMatch(entry.path) ?? true) && $0.match(entry) != nil }
            })
    }

    /// What lies at a location.
    private struct Place {
        let listed: LocationListings.Listed
        let clock: LocationClock
        /// Where many entries look for their own.
        let index: ListingIndex?

        /// - Parameter count: how many entries of the configuration lie there.
        init(_ listed: LocationListings.Listed, sharedBy count: Int) {
            self.listed = listed
            clock = listed.listing.clock(at: listed.began)
            index = count < ListingIndex.fewest ? nil : ListingIndex(listed.listing)
        }

        func entries(beginningWith prefix: [UInt8]) -> ArraySlice<LocationEntry> {
            index?.entries(beginningWith: prefix) ?? listed.listing.entries[...]
        }
    }

    private mutating func find(
        _ entry: DatabaseSettings, in place: Place, _ taken: inout Set<String>
    ) -> [Candidates] {
        var found: [String: [Catalog.Candidate]] = [:]
        let known = known[entry.name] ?? []
        var places = limit - known.count
        var isOverfull = false
        var misdated = 0
        let pattern = entry.backups.match
        for item in place.entries(beginningWith: pattern?.prefix ?? []) where pattern?.mayMatch(item.path) ?? true {
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
            let times = item.times ?? (item.hasManifest ? place.listed.times[item.identity] ?? nil : nil)
            found[name, default: []].append(entry.backups.candidate(item, match, times))
        }
        if misdated > 0 {
            remark(
                entry,
                "\(entry.backups.location) has \(Quantity.count(UInt64(misdated), "backup")) of \(entry.name) whose names "
                    + "say a time after they were written; it is not believed")
        }
        found = found.mapValues(\.distinct)
        guard entry.discovers else { return [Candidates(database: entry, candidates: found[""] ?? [])] }
        self.known[entry.name] = Set(found.keys)
        if isOverfull {
            remark(
                entry,
                "\(entry.backups.location) has more than \(limit) databases; others are left out")
        }
        return found.sorted { $0.key < $1.key }.compactMap { captured, candidates in
            let database = entry.database(captured)
            guard taken.insert(database.name).inserted else { return nil }
            return Candidates(database: database, candidates: candidates)
        }
    }

    private mutating func remark(_ entry: DatabaseSettings, _ sentence: String) {
        remarks[entry.backups.location, default: []].append(sentence)
    }
}
