import Backups
import Logging
import Processes
import Settings

/// Looks at the locations again and again, on a thread of its own.
final class CatalogWatch: Sendable {
    private enum Order: Sendable {
        case configure(Configuration)
        case stop
    }

    private let orders = BlockingQueue<Order>()
    private let events: BlockingQueue<DaemonEvent>
    private let clock: @Sendable () -> Timestamp
    private let recall: @Sendable (String) -> [CatalogBackup]
    private let log: Logger

    /// - Parameter recall: tells the backups of a database that were there when an earlier daemon last looked.
    init(
        events: BlockingQueue<DaemonEvent>, clock: @escaping @Sendable () -> Timestamp = { .now() },
        recall: @escaping @Sendable (String) -> [CatalogBackup], log: Logger
    ) {
        self.events = events
        self.clock = clock
        self.recall = recall
        self.log = log
        DetachedThread.start(named: "catalog") { [self] in watch() }
    }

    /// From now on for these databases; looks at once.
    func configure(_ configuration: Configuration) { orders.append(.configure(configuration)) }
    func stop() { orders.append(.stop) }

    private func watch() {
        var round = CatalogRound(clock: clock, recall: recall, log: log)
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
