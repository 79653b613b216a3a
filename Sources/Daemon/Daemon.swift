package import Backups
import History
package import Logging
import PostgreSQL
import Processes
import ServiceLifecycle
package import Settings
import UnixSignals
import Web

/// `restorable serve`: all parts put together.
package final class Daemon: Sendable {
    private let configuration: Configuration
    private let history: any HistoryStore
    private let board: FactsBoard
    private let events = BlockingQueue<DaemonEvent>()
    private let pages: DaemonPages
    private let server: WebServer
    private let load: @Sendable () throws -> Configuration
    private let log: Logger

    /// Opens the history and reads the web configuration; nothing runs yet.
    /// - Parameters:
    ///   - program: what is told of the program itself.
    ///   - load: reads the configuration; called again at each reload.
    /// - Throws: ``InvalidSettings``, or ``Obstacle`` where history or web configuration can't be used.
    package init(
        program: ProgramFacts, load: @escaping @Sendable () throws -> Configuration, log: Logger
    ) throws {
        IdleMemory.keepHeapSmall()
        configuration = try load()
        self.load = load
        self.log = log
        history = try Self.openHistory(configuration.daemon.history, log)
        board = FactsBoard(FleetFacts(program: program))
        let security = SecurityReload()
        pages = DaemonPages(
            board: board, history: history, reader: WorkThread(named: "history reader"), events: events,
            security: security, log: log)
        server = try WebServer(
            WebConfiguration(
                listen: Web.ListenAddress(
                    host: configuration.daemon.listen.host, port: configuration.daemon.listen.port),
                file: configuration.daemon.webConfigFile),
            source: pages, logger: log)
        security.set { [server] in try server.reloadSecurity() }
    }

    /// Where its disk is full, the daemon serves what the history holds, and opens it when there is room.
    private static func openHistory(_ path: String, _ log: Logger) throws -> any HistoryStore {
        let open = { @Sendable () throws -> any HistoryStore in
            let (history, notice) = try SQLiteHistory.open(path: path, now: .now())
            if let notice { log.error("\(notice)") }
            let interrupted = try history.interruptUnfinished(at: .now())
            if !interrupted.isEmpty {
                log.warning("\(Quantity.count(UInt64(interrupted.count), "verification")) had been interrupted")
            }
            return history
        }
        do {
            return try open()
        } catch let obstacle as Obstacle where obstacle.reason == .diskFull {
            log.error("\(obstacle); until there is room, what is known is served")
            do {
                return LateHistory(reading: try SQLiteHistory.openForReading(path: path), why: obstacle, open: open)
            } catch {
                log.error("nothing of it can be read until then: \(error)")
                return LateHistory(reading: nil, why: Self.unread(obstacle, error), open: open)
            }
        }
    }

    /// Shown where verdicts would be.
    private static func unread(_ full: Obstacle, _ error: any Error) -> Obstacle {
        guard let reading = error as? Obstacle else { return full }
        return Obstacle(
            full.reason, "\(full.message); and it can't be read meanwhile: \(reading.message)", hint: full.hint,
            cause: reading)
    }

    /// Until SIGTERM or SIGINT; a run in progress then ends as interrupted and leaves no scratch. SIGHUP reads the
    /// configuration again.
    /// - Throws: ``Obstacle`` when the address can't be listened on.
    package func run() async throws {
        // A hundred gigabytes may have been left: nobody waits for that to be served.
        DetachedThread.start(named: "scratch") { [self] in collectScratch() }
        let conductor = ConductorService(
            configuration: configuration, history: history, board: board, events: events, load: load, log: log)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: conductor, failureTerminationBehavior: .gracefullyShutdownGroup),
                    .init(service: server, failureTerminationBehavior: .gracefullyShutdownGroup),
                    .init(service: ReloadService(pages: pages)),
                ], gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
        try await group.run()
    }

    /// Where it listens, as soon as it does.
    package var address: String? {
        get async { await server.address.map { "\($0)" } }
    }

    /// What an earlier daemon that was killed left behind.
    private func collectScratch() {
        let directory = configuration.scratch.directory ?? ScratchConfiguration.defaultDirectory
        do {
            let report = try ScratchCollector(directory: directory).collect(kept: false)
            for path in report.removed { log.notice("removed scratch that a dead process left behind: \(path)") }
            for failure in report.failures { log.warning("\(failure)") }
        } catch {
            log.warning("scratch could not be looked at: \(error)")
        }
    }
}
