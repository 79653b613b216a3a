import ServiceLifecycle
import UnixSignals

/// SIGHUP does what `POST /-/reload` does.
struct ReloadService: Service {
    let pages: DaemonPages

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { _ = await pages.reload() }
    }
}
