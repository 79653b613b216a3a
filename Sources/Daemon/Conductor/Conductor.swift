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
    /// Puts the watches to work for a configuration.
    let watch: (Configuration) -> Void
    /// Puts the watches over production to work for the databases that are known.
    let watchProduction: ([DatabaseSettings], Configuration) -> Void
    let performer: TurnPerformer
    /// Called when there is nothing more to do for now.
    let rest: () -> Void
    let load: @Sendable () throws -> Configuration
    let clock: @Sendable () -> Timestamp
    let log: Logger

    var configuration: Configuration
    var databases: [String: DatabaseState] = [:]
    var scheduler: Scheduler
    var reload = ConfigurationFacts()
    /// A damaged history that lies beside ours.
    var setAside: HistoryFacts.SetAside?
    var collectors: [String: CollectorFacts] = [:]
    var ending: Obstacle?
    /// Facts have changed since they were published.
    var isDirty = true
    /// When the first of production's answers came that are not yet published.
    var firstGathered: ContinuousClock.Instant?
    /// Tells how much room scratch has.
    var scratchRoom: (directory: String, question: PatientCall<UInt64?, Never>)?
    /// Whose production is watched: what comes of others is of earlier.
    var watchedProduction: Set<String> = []
    private var lastRemoval: Timestamp?
    private var lastSearch: Timestamp?
    private var wasWorking = true
    private var lastRest: Timestamp?

    init(
        _ configuration: Configuration, events: BlockingQueue<DaemonEvent>, history: HistoryKeeper, board: FactsBoard,
        watch: @escaping (Configuration) -> Void,
        watchProduction: @escaping ([DatabaseSettings], Configuration) -> Void = { _, _ in },
        load: @escaping @Sendable () throws -> Configuration,
        performer: TurnPerformer = TurnPerformer(), rest: @escaping () -> Void = {},
        clock: @escaping @Sendable () -> Timestamp = { .now() }, log: Logger
    ) {
        self.configuration = configuration
        self.events = events
        self.history = history
        self.board = board
        self.watch = watch
        self.watchProduction = watchProduction
        self.load = load
        self.performer = performer
        self.rest = rest
        self.clock = clock
        self.log = log
        scheduler = Scheduler(cap: configuration.daemon.concurrentVerifications)
    }

    /// Until it is told to stop and the last turn has ended.
    func run() {
        begin()
        while !hasEnded { proceed(after: pause) }
    }

    /// Puts the configuration in force that it was made with.
    func begin() {
        reload.loadedAt = clock()
        setAside = history.setAside()
        configure()
        publish()
    }

    /// One round: takes in what has happened and does what is due.
    /// - Parameter pause: how long to wait for something to happen.
    func proceed(after pause: Duration) {
        if let event = events.next(for: pause) { handle(event) }
        // What came together is published together.
        while let event = events.next(for: .zero) { handle(event) }
        if ending == nil { startTurns() }
        keepHouse()
        publish()
        restAfterWork()
    }

    /// It was told to stop, and the last turn has ended.
    private var hasEnded: Bool {
        ending != nil && leftovers.isEmpty && databases.values.allSatisfy { $0.running == nil }
    }

    /// Turns of databases that are configured no more.
    var leftovers: [String: Cancellation] = [:]

    private func handle(_ event: DaemonEvent) {
        switch event {
        case .listed(let looks, let seconds): see(looks, seconds)
        case .sampled(let names): for name in names { noteSample(of: name) }
        case .asked(let look): see(look)
        case .measured(let disks): see(disks)
        case .archived(let look): see(look)
        case .verified(let end): note(end)
        case .turnEnded(let database, let outcomes): endTurn(database, outcomes)
        case .reload(let problem, let reply):
            let isInForce = reloadConfiguration(problem)
            // Who asked is told why not from what is published.
            publish()
            reply(isInForce)
        case .request(let name, let kind, let reply): reply(request(kind, of: name))
        case .forget(let names): forget(names)
        case .stop(let obstacle): stop(obstacle)
        }
    }

    /// Production's answers come one by one, hundreds in a minute where there are hundreds of databases, and no page is
    /// worth rendering for each: they are gathered for a second. `nil` when there are none.
    var gatheringLeft: Duration? {
        firstGathered.map { max(.zero, $0 + .seconds(1) - .now) }
    }

    private var pause: Duration { min(untilTurn, gatheringLeft ?? .seconds(60)) }

    /// The wall clock may be set meanwhile: never longer than a minute.
    private var untilTurn: Duration {
        guard ending == nil, let wakeUp = scheduler.wakeUp(after: clock()) else { return .seconds(60) }
        return .seconds(min(60, max(0.05, wakeUp.seconds(since: clock()))))
    }

    private func restAfterWork() {
        // The start ends with the first look at the locations.
        let isWorking = collectors["catalog"] == nil || databases.values.contains { $0.running != nil }
        defer { wasWorking = isWorking }
        guard !isWorking else { return }
        // Who asks leaves something behind as well: a thousand connections at once, say.
        let now = clock()
        guard wasWorking || lastRest.map({ abs(now.seconds(since: $0)) >= 600 }) ?? true else { return }
        lastRest = now
        rest()
    }

    private func keepHouse() {
        for name in history.writeUnwritten() { readHistory(of: name) }
        if history.problem != nil { isDirty = true }
        let now = clock()
        noteSetAside(now)
        guard lastRemoval.map({ abs(now.seconds(since: $0)) >= 3600 }) ?? true else { return }
        let retention = configuration.daemon.retention.components.seconds
        let isRemoved: Void? = history.write("what is old") {
            try history.store.removeOlder(than: Timestamp(seconds: now.seconds - retention))
            try SampleThinning.standard.apply(to: history.store, at: now)
        }
        // What failed is tried again in a minute.
        lastRemoval = isRemoved == nil ? Timestamp(seconds: now.seconds - 3540) : now
    }

    /// Somebody may have moved it away.
    private func noteSetAside(_ now: Timestamp) {
        guard setAside != nil, lastSearch.map({ abs(now.seconds(since: $0)) >= 60 }) ?? true else { return }
        lastSearch = now
        let found = history.setAside()
        isDirty = isDirty || found != setAside
        setAside = found
    }

    private func stop(_ obstacle: Obstacle) {
        guard ending == nil else { return }
        ending = obstacle
        for cancellation in databases.values.compactMap(\.running) + leftovers.values { cancellation.cancel(obstacle) }
    }
}
