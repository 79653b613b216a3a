import Backups
import Logging
import Processes
import Settings
import Synchronization

/// Watches the production servers of all databases that have a connection, each over one of its own.
final class ProductionWatch: Sendable {
    private let events: BlockingQueue<DaemonEvent>
    private let most: Int
    private let log: Logger
    private let vigils = Mutex<[String: ProductionVigil]>([:])

    /// Each has a thread and a session of the server: who can write names of files into a location that databases are
    /// found at must not be able to take all of them.
    static let most = 200

    /// - Parameter most: how many databases are watched at most.
    init(events: BlockingQueue<DaemonEvent>, most: Int = ProductionWatch.most, log: Logger) {
        self.events = events
        self.most = most
        self.log = log
    }

    /// Of these databases those that are watched.
    static func watched(of databases: [DatabaseSettings], most: Int = ProductionWatch.most) -> ArraySlice<
        DatabaseSettings
    > {
        databases.filter { $0.connection != nil }.prefix(most)
    }

    /// From now on for these databases, the first of them where they are too many. A connection whose string did not change
    /// stays; the others are dropped.
    func configure(_ configuration: Configuration) {
        let dropped = vigils.withLock { vigils in
            var former = vigils
            vigils = [:]
            for database in Self.watched(of: configuration.databases, most: most) {
                guard let connection = database.connection else { continue }
                let settings = ProductionVigil.Settings(
                    interval: configuration.daemon.productionInterval, diskPath: database.diskPath)
                if let vigil = former[database.name], vigil.connection == connection {
                    vigil.configure(settings)
                    vigils[database.name] = vigil
                    former[database.name] = nil
                } else {
                    // Many databases of one server must not come upon it at one moment.
                    vigils[database.name] = ProductionVigil(
                        of: database.name, over: connection, settings, after: .milliseconds(20) * vigils.count,
                        events: events, log: log)
                }
            }
            return Array(former.values)
        }
        for vigil in dropped { vigil.stop() }
        let wanted = configuration.databases.count { $0.connection != nil }
        if wanted > most {
            log.warning(
                "production is watched for \(most) of \(wanted) databases: each takes a session of its server")
        }
    }

    /// Ends them all; waits a moment, so that what runs on a server can be cancelled there.
    func stop() {
        let ending = vigils.withLock { vigils in
            defer { vigils = [:] }
            return Array(vigils.values)
        }
        for vigil in ending { vigil.stop() }
        let deadline = ContinuousClock.now + .seconds(3)
        for vigil in ending { _ = vigil.waitForEnd(max(.zero, deadline - .now)) }
    }
}
