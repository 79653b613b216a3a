import Backups
import Logging
import PostgreSQL
import Processes
import Settings
import Synchronization

/// Samples the counters of every production database that is configured, again and again, on a thread of its own, and
/// keeps them in the history: they bound what backups must hold.
final class ActivityWatch: Sendable {
    private enum Order: Sendable {
        case configure(Configuration)
        case stop
    }

    private let orders = BlockingQueue<Order>()
    private let history: HistoryKeeper
    private let events: BlockingQueue<DaemonEvent>
    private let patience: Duration
    private let log: Logger
    private let cancellation = Cancellation()

    /// - Parameter patience: how long one server is waited for.
    init(
        history: HistoryKeeper, events: BlockingQueue<DaemonEvent>, patience: Duration = ProductionActivity.patience,
        log: Logger
    ) {
        self.history = history
        self.events = events
        self.patience = patience
        self.log = log
        DetachedThread.start(named: "activity") { [self] in watch() }
    }

    /// From now on for these databases; samples at once.
    func configure(_ configuration: Configuration) { orders.append(.configure(configuration)) }

    /// Ends a reading that is under way, too.
    func stop() {
        cancellation.cancel(Obstacle(.interrupted, "the daemon was ended"))
        orders.append(.stop)
    }

    private func watch() {
        var round = ActivityRound(history: history, patience: patience, cancellation: cancellation, log: log)
        var interval: Duration?
        while true {
            switch interval.map({ orders.next(for: $0) }) ?? orders.next() {
            case .stop: return
            case .configure(let configuration):
                round.configure(configuration.databases)
                interval = round.isEmpty ? nil : configuration.daemon.samplesInterval
            case nil: break
            }
            let sampled = round.sample()
            if !sampled.isEmpty { events.append(.sampled(sampled)) }
        }
    }
}

/// One round over all databases. A connection lives for one reading: it holds no slot of production's meanwhile, and
/// follows a failover.
private struct ActivityRound {
    let history: HistoryKeeper
    let patience: Duration
    let cancellation: Cancellation
    let log: Logger
    private var connections: [String: String] = [:]
    /// What is wrong, by database: each problem is logged once.
    private var problems: [String: String] = [:]

    init(history: HistoryKeeper, patience: Duration, cancellation: Cancellation, log: Logger) {
        self.history = history
        self.patience = patience
        self.cancellation = cancellation
        self.log = log
    }

    var isEmpty: Bool { connections.isEmpty }

    mutating func configure(_ databases: [DatabaseSettings]) {
        connections = databases.reduce(into: [:]) { $0[$1.name] = $1.connection }
        problems = problems.filter { connections[$0.key] != nil }
    }

    /// - Returns: the databases that were sampled.
    mutating func sample() -> [String] {
        var sampled: [String] = []
        // Each database of a server that hangs would be waited for, and those of the others with them.
        var silent: Set<[String?]> = []
        for (name, conninfo) in connections.sorted(by: { $0.key < $1.key }) where !cancellation.isCancelled {
            let server = Self.server(of: conninfo)
            guard !silent.contains(server) else { continue }
            do {
                var parameters = try ConnectionParameters(production: conninfo)
                parameters.values["fallback_application_name"] = "restorable"
                let reading = try TimedReading.run(patience, within: cancellation) {
                    try ProductionActivity().read(try Connection(parameters, cancellation: $0))
                }
                if problems.removeValue(forKey: name) != nil { log.notice("\(name): production can be sampled again") }
                let isNoted: Void? = history.write("a sample of production") {
                    try history.store.note(reading.sample, of: name)
                }
                if isNoted != nil { sampled.append(name) }
            } catch {
                // Who refuses one database has answered, and may have the next one.
                if (error as? Obstacle)?.reason == .deadlineExceeded { silent.insert(server) }
                note("\(error)", of: name)
            }
        }
        return sampled
    }

    /// What tells one server from another.
    private static func server(of conninfo: String) -> [String?] {
        let values = (try? ConnectionParameters(production: conninfo))?.values ?? [:]
        return ["service", "host", "hostaddr", "port"].map { values[$0] }
    }

    private mutating func note(_ problem: String, of name: String) {
        guard !cancellation.isCancelled, problems[name] != problem else { return }
        problems[name] = problem
        log.warning("\(name): production's counters could not be sampled: \(problem)")
    }
}
