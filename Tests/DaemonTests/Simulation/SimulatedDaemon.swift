import Backups
import Collectors
import Exposition
import History
import Logging
import Processes
import Settings

@testable import Daemon

/// One life of the daemon, all of its logic: catalog, conductor, scheduler, history and metrics are its own. Its clock, and
/// what a verification says, are simulated; it has no thread of its own and moves when it is told to.
final class SimulatedDaemon {
    /// What `restorable serve` looks at in the background.
    private final class Lister {
        var round: CatalogRound
        init(_ round: CatalogRound) { self.round = round }
    }

    let conductor: Conductor
    let board: FactsBoard
    let notice: String?
    /// Verifications that an earlier life had begun and not ended.
    let interrupted: Int
    private let lister: Lister

    /// - Throws: what `restorable serve` would end with.
    init(configuration path: String, clock: SimulatedClock, runs: SimulatedRuns) throws {
        let log = Logger(label: "simulated", factory: { _ in SwiftLogNoOpLogHandler() })
        let load = { @Sendable in try Configuration.load(path: path) }
        let configuration = try load()
        let (history, notice) = try SQLiteHistory.open(path: configuration.daemon.history, now: clock.now)
        self.notice = notice
        interrupted = try history.interruptUnfinished(at: clock.now).count
        let board = FactsBoard(FleetFacts())
        let keeper = HistoryKeeper(history, stopwatch: { [start = ContinuousClock.now] in start }, log: log)
        let lister = Lister(CatalogRound(clock: { clock.now }, recall: keeper.presentBackups, log: log))
        conductor = Conductor(
            configuration, events: BlockingQueue(), history: keeper, board: board,
            watch: { lister.round.configure($0.databases) }, load: load, performer: runs.performer,
            clock: { clock.now }, log: log)
        self.board = board
        self.lister = lister
        conductor.begin()
    }

    /// A look at the locations, and what follows from it. The look always takes as long: pages that say the same are the same.
    func proceed() {
        conductor.events.append(.listed(lister.round.look(), seconds: 0.01))
        conductor.proceed(after: .zero)
    }

    /// What SIGHUP does.
    func reload() {
        conductor.events.append(.reload { _ in })
        conductor.proceed(after: .zero)
    }

    /// Samples of `/metrics`, a line each.
    func scrape() -> String {
        let body = board.page.body(in: ExpositionForm(accept: "text/plain", acceptEncoding: nil))
        return String(decoding: body.bytes, as: UTF8.self)
    }

    func facts(of database: String) -> DatabaseFacts? { board.facts.databases.first { $0.name == database } }
}
