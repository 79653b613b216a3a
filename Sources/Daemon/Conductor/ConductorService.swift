import Backups
import Logging
import Processes
import ServiceLifecycle
import Settings

/// Runs the conductor and its watches on threads of their own, as long as the daemon runs.
struct ConductorService: Service {
    let configuration: Configuration
    let history: any HistoryStore
    let board: FactsBoard
    let events: BlockingQueue<DaemonEvent>
    let load: @Sendable () throws -> Configuration
    let log: Logger

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
        let watches = Watches(catalog: CatalogWatch(events: events, log: log))
        Conductor(
            configuration, events: events, history: HistoryKeeper(history, log: log), board: board,
            watch: watches.configure, load: load, rest: IdleMemory.giveBack, log: log
        ).run()
        watches.stop()
    }
}
