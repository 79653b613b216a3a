import Backups
import History
import Logging
import Processes
import Settings
import Synchronization
import TestSupport

@testable import Daemon

/// A daemon whose conductor does what a test says: with a real history and a real directory, without its threads.
final class BegunDaemon {
    let conductor: Conductor
    let store: SQLiteHistory
    let reload: ConfigurationBox
    /// Whose production was last to be watched, in that order.
    let watched = WatchedNames()
    private var round: CatalogRound

    /// - Parameter history: what an earlier daemon left.
    init(_ configuration: Configuration, after history: SQLiteHistory? = nil) throws {
        store = try history ?? SQLiteHistory.open(path: configuration.daemon.history, now: .now()).0
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (reload, watched) = (ConfigurationBox(configuration), self.watched)
        self.reload = reload
        conductor = Conductor(
            configuration, events: BlockingQueue<DaemonEvent>(), history: HistoryKeeper(store, log: log),
            board: FactsBoard(FleetFacts()), watch: { _ in },
            watchProduction: { databases, _ in watched.names = databases.map(\.name) }, load: { reload.value() },
            log: log)
        conductor.configure()
        round = CatalogRound(clock: { .now() }, log: log)
    }

    func look() {
        round.configure(conductor.configuration.databases)
        conductor.see(round.look(), 0)
    }

    var databases: [String: DatabaseFacts] {
        conductor.publish()
        return Dictionary(uniqueKeysWithValues: conductor.board.facts.databases.map { ($0.name, $0) })
    }

    func problem(_ name: String) -> String? { databases[name]?.catalog?.problem }
    func count(_ name: String) -> Int? { databases[name]?.catalog?.backups.count }

    /// - Returns: the history, for the daemon that comes after.
    @discardableResult
    func end() -> SQLiteHistory {
        store
    }

    final class WatchedNames {
        var names: [String] = []
    }

    /// A configuration that a test changes under the daemon.
    final class ConfigurationBox: Sendable {
        private let held: Mutex<Configuration>

        init(_ configuration: Configuration) { held = Mutex(configuration) }

        func value() -> Configuration { held.withLock { $0 } }
        func set(_ configuration: Configuration) { held.withLock { $0 = configuration } }
    }
}
