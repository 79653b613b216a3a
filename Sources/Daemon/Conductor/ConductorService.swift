import Backups
import History
import Logging
import Processes
import ServiceLifecycle
import Settings

/// Runs the conductor and its watches on threads of their own, as long as the daemon runs.
struct ConductorService: Service, CustomStringConvertible {
    let configuration: Configuration
    let history: any HistoryStore
    let board: FactsBoard
    let events: BlockingQueue<DaemonEvent>
    let load: @Sendable () throws -> Configuration
    let log: Logger

    /// The group that it belongs to logs its parts: not all that they hold is for a log.
    var description: String { "conductor" }

    func run() async throws {
        await withGracefulShutdownHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                DetachedThread.start(named: "conductor") {
                    conduct()
                    continuation.resume()
                }
            }
        } onGracefulShutdown: {
            events.append(
                .stop(
                    Obstacle(
                        .interrupted, "the daemon was ended while the verification ran",
                        hint: "It is tried again after the next start.")))
        }
    }

    private func conduct() {
        let keeper = HistoryKeeper(
            history, setAside: { [path = configuration.daemon.history] in .newest(beside: path) }, log: log)
        let watches = Watches(
            catalog: CatalogWatch(events: events, recall: keeper.presentBackups, log: log),
            production: ProductionWatch(events: events, log: log),
            activity: ActivityWatch(history: keeper, events: events, log: log),
            disks: DiskWatch(events: events, log: log),
            archives: ArchiveWatch(events: events, log: log),
            forgets: ForgetWatch(history: keeper, events: events))
        Conductor(
            configuration, events: events, history: keeper, board: board, watch: watches.watchLocations,
            watchProduction: watches.watchProduction, load: load, rest: IdleMemory.giveBack, log: log
        ).run()
        watches.stop()
    }
}
