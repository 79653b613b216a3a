import Logging
import Processes
import ServiceLifecycle
import UnixSignals
import Web

/// SIGHUP reads the configuration again, and the users and certificates of the web server.
struct ReloadService: Service {
    let events: BlockingQueue<DaemonEvent>
    let server: WebServer
    let log: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            events.append(
                .reload { [server, log] _ in
                    do {
                        try server.reloadSecurity()
                    } catch {
                        log.error("users and certificates stay as they were: \(error)")
                    }
                })
        }
    }
}
