import Backups
import Locations
import Logging
import Processes
import Settings
import Verification

/// Looks at the locations again and again, on a thread of its own.
final class CatalogWatch: Sendable {
    private enum Order: Sendable {
        case configure(Configuration)
        case stop
    }

    private let orders = BlockingQueue<Order>()
    private let events: BlockingQueue<DaemonEvent>
    private let clock: @Sendable () -> Timestamp
    private let log: Logger

    init(
        events: BlockingQueue<DaemonEvent>, clock: @escaping @Sendable () -> Timestamp = { .now() }, log: Logger
    ) {
        self.events = events
        self.clock = clock
        self.log = log
        DetachedThread.start(named: "catalog") { [self] in watch() }
    }

    /// From now on for these databases; looks at once.
    func configure(_ configuration: Configuration) { orders.append(.configure(configuration)) }
    func stop() { orders.append(.stop) }

    private func watch() {
        var round = CatalogRound(clock: clock, log: log)
        var interval = Duration.seconds(60)
        while true {
            switch orders.next(for: interval) {
            case .stop: return
            case .configure(let configuration):
                round.configure(configuration.databases)
                interval = configuration.daemon.catalogInterval
            case nil: break
            }
            let start = ContinuousClock.now
            let looks = round.look()
            events.append(.listed(looks, seconds: (ContinuousClock.now - start).totalSeconds))
        }
    }
}

/// The catalogs of all databases, and one look at their locations.
struct CatalogRound {
    let clock: @Sendable () -> Timestamp
    let log: Logger
    private var databases: [DatabaseSettings] = []
    private var catalogs: [String: Catalog] = [:]
    /// Data times by manifest, read once for each backup.
    private var times = ManifestTimes()

    init(clock: @escaping @Sendable () -> Timestamp, log: Logger) {
        self.clock = clock
        self.log = log
    }

    mutating func configure(_ databases: [DatabaseSettings]) {
        self.databases = databases
        let names = Set(databases.map(\.name))
        catalogs = catalogs.filter { names.contains($0.key) }
    }

    mutating func look() -> [CatalogLook] {
        // Databases often share a location: each is listed once.
        var listings: [String: Result<LocationListing, Obstacle>] = [:]
        var looks: [CatalogLook] = []
        for settings in databases {
            let location = settings.backups.location
            let listing = listings[location] ?? list(location)
            listings[location] = listing
            var catalog = catalogs[settings.name] ?? Catalog()
            switch listing {
            case .success(let listing): catalog.see(candidates(for: settings, in: listing), at: clock())
            case .failure(let obstacle): catalog.fail(obstacle.message)
            }
            catalogs[settings.name] = catalog
            looks.append(CatalogLook(database: settings.name, facts: catalog.facts))
        }
        times.forgetOthers()
        return looks
    }

    private func list(_ location: String) -> Result<LocationListing, Obstacle> {
        do {
            let listing = try DirectoryLocation(location).list()
            for path in listing.skipped { log.warning("\(path) can't be listed") }
            return .success(listing)
        } catch {
            return .failure(error as? Obstacle ?? Obstacle(.internalError, "\(error)"))
        }
    }

    private mutating func candidates(
        for settings: DatabaseSettings, in listing: LocationListing
    ) -> [Catalog.Candidate] {
        listing.entries.compactMap { entry in
            guard let match = settings.backups.match(entry) else { return nil }
            let time = entry.hasManifest ? times.dataTime(of: entry.identity) : nil
            return Catalog.Candidate(entry: entry, dataAsOf: time ?? match.time)
        }
    }
}
