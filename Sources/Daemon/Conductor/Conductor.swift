import Backups
import Logging
import Processes
import Scheduling
import Settings

/// Owns all that changes while the daemon runs, on one thread: everything else sends it ``DaemonEvent``s, and reads the
/// facts it publishes. What is to be done is decided by pure values (``Scheduler``); here it is done.
///
/// Confined to the thread that calls ``run()``.
final class Conductor {
    let events: BlockingQueue<DaemonEvent>
    let history: HistoryKeeper
    let board: FactsBoard
    let watches: Watches
    let load: @Sendable () throws -> Configuration
    let clock: @Sendable () -> Timestamp
    let log: Logger

    var configuration: Configuration
    var databases: [String: DatabaseState] = [:]
    var scheduler: Scheduler
    var reload = ConfigurationFacts()
    var collectors: [String: CollectorFacts] = [:]
    var ending: Obstacle?
    /// Facts have changed since they were published.
    var isDirty = true
    private var lastRemoval: Timestamp?

    init(
        _ configuration: Configuration, events: BlockingQueue<DaemonEvent>, history: HistoryKeeper, board: FactsBoard,
        watches: Watches, load: @escaping @Sendable () throws -> Configuration,
        clock: @escaping @Sendable () -> Timestamp = { .now() }, log: Logger
    ) {
        self.configuration = configuration
        self.events = events
        self.history = history
        self.board = board
        self.watches = watches
        self.load = load
        self.clock = clock
        self.log = log
        scheduler = Scheduler(cap: configuration.daemon.concurrentVerifications)
    }

    /// Until it is told to stop and the last turn has ended.
    func run() {
        reload.loadedAt = clock()
        configure()
        publish()
        while true {
            if let event = events.next(for: pause) { handle(event) }
            // What came together is published together.
            while let event = events.next(for: .zero) { handle(event) }
            if ending != nil, databases.values.allSatisfy({ $0.running == nil }), leftovers.isEmpty { break }
            if ending == nil { startTurns() }
            keepHouse()
            publish()
        }
        publish()
    }

    /// Turns of databases that are configured no more.
    var leftovers: [String: Cancellation] = [:]

    private func handle(_ event: DaemonEvent) {
        switch event {
        case .listed(let looks, let seconds): see(looks, seconds)
        case .verified(let end): note(end)
        case .turnEnded(let database, let outcomes): endTurn(database, outcomes)
        case .reload(let reply): reply(reloadConfiguration())
        case .verify(let name, let reply): reply(request(name))
        case .forget(let names): forget(names)
        case .stop(let obstacle): stop(obstacle)
        }
    }

    /// The wall clock may be set meanwhile: never longer than a minute.
    private var pause: Duration {
        guard ending == nil, let wakeUp = scheduler.wakeUp(after: clock()) else { return .seconds(60) }
        return .seconds(min(60, max(0.05, wakeUp.seconds(since: clock()))))
    }

    private func keepHouse() {
        for name in history.writeUnwritten() { readHistory(of: name) }
        if history.problem != nil { isDirty = true }
        let now = clock()
        guard lastRemoval.map({ abs(now.seconds(since: $0)) >= 3600 }) ?? true else { return }
        lastRemoval = now
        let retention = configuration.daemon.retention.components.seconds
        _ = history.attempt("what is old") {
            try history.store.removeOlder(than: Timestamp(seconds: now.seconds - retention))
        }
    }

    private func stop(_ obstacle: Obstacle) {
        guard ending == nil else { return }
        ending = obstacle
        for cancellation in databases.values.compactMap(\.running) + leftovers.values { cancellation.cancel(obstacle) }
    }
}
