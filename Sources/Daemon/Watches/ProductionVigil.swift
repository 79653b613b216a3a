import Backups
import Logging
import PostgreSQL
import Processes
import Synchronization

/// Asks the production server of one database again and again, over one connection, on a thread of its own: a server
/// that hangs holds up nobody else.
final class ProductionVigil: Sendable {
    /// What may change without a new connection.
    struct Settings: Sendable, Equatable {
        var interval: Duration
        var diskPath: String?
    }

    /// How long a server may take.
    struct Patience: Sendable {
        var connecting = Duration.seconds(10)
        /// For one question in all; the server ends each statement earlier by itself.
        var answering = Duration.seconds(20)
    }

    private enum Order: Sendable {
        case configure(Settings)
        case stop
    }

    private struct State {
        var settings: Settings
        var isStopped = false
        /// Ends what is under way on the connection, and the connection with it.
        var cancellation: Cancellation?
    }

    let database: String
    let connection: String
    private let events: BlockingQueue<DaemonEvent>
    private let patience: Patience
    private let clock: @Sendable () -> Timestamp
    private let log: Logger
    private let orders = BlockingQueue<Order>()
    private let ended = SignalledOnce<Bool>()
    private let state: Mutex<State>

    /// Begins at once, or after `delay`.
    init(
        of database: String, over connection: String, _ settings: Settings, after delay: Duration = .zero,
        events: BlockingQueue<DaemonEvent>, patience: Patience = Patience(),
        clock: @escaping @Sendable () -> Timestamp = { .now() }, log: Logger
    ) {
        self.database = database
        self.connection = connection
        self.events = events
        self.patience = patience
        self.clock = clock
        self.log = log
        state = Mutex(State(settings: settings))
        DetachedThread.start(named: "production") { [self] in
            keep(settings, delay)
            ended.set(true)
        }
    }

    /// From now on with these; asks at once.
    func configure(_ settings: Settings) {
        // Asked at once are those only whose settings are others: not hundreds whenever one is found.
        let isChange = state.withLock { state in
            defer { state.settings = settings }
            return state.settings != settings
        }
        if isChange { orders.append(.configure(settings)) }
    }

    /// Ends it, and what is under way. Returns at once.
    func stop() {
        orders.append(.stop)
        let cancellation = state.withLock { state in
            state.isStopped = true
            return state.cancellation
        }
        cancellation?.cancel(Self.stopped)
    }

    /// - Returns: false when it has not ended within `duration`.
    func waitForEnd(_ duration: Duration) -> Bool { ended.wait(for: duration) ?? false }

    private static let stopped = Obstacle(.interrupted, "the watch over production was ended")

    private func keep(_ first: Settings, _ delay: Duration) {
        var settings = first
        var pause = delay
        var account = ProductionAccount()
        var backoff = Backoff()
        var session: Session?
        var disk = DiskGauge()
        while true {
            switch orders.next(for: pause) {
            case .stop: return
            case .configure(let new): settings = new
            case nil: break
            }
            pause = settings.interval
            do {
                let (reading, gaps) = try ask(&session)
                let (facts, problems) = disk.measure(settings.diskPath)
                account.measure(facts)
                write(account.answer(reading, gaps: gaps + problems, at: clock()))
                backoff.succeed()
            } catch {
                session = nil
                guard !state.withLock({ $0.isStopped }) else { return }
                account.measure(disk.measure(settings.diskPath).facts)
                write(account.fail(error as? Obstacle ?? Obstacle(.internalError, "\(error)")))
                pause = backoff.fail(random: .random(in: 0...1))
            }
            events.append(.asked(ProductionLook(database: database, connection: connection, facts: account.facts)))
        }
    }

    /// One connection, and what ends it.
    private struct Session {
        let probe: ProductionProbe
        let cancellation: Cancellation
    }

    /// Asks over the connection that is open, or over a new one. Why an idle connection was lost (a restart, a pooler, a
    /// firewall that forgot it) does not matter as long as a new one can be had.
    private func ask(_ session: inout Session?) throws -> (ProductionReading, [String]) {
        if let open = session {
            do {
                return try read(open)
            } catch {
                session = nil
                guard (error as? Obstacle)?.reason == .connectionFailed else { throw error }
            }
        }
        let new = try connect()
        session = new
        return try read(new)
    }

    private func connect() throws -> Session {
        let cancellation = Cancellation()
        let isStopped = state.withLock { state in
            state.cancellation = cancellation
            return state.isStopped
        }
        if isStopped { throw Self.stopped }
        let parameters = try ConnectionParameters(production: connection)
        return Session(
            probe: try ProductionProbe(parameters, cancellation: cancellation, timeout: patience.connecting),
            cancellation: cancellation)
    }

    private func read(_ session: Session) throws -> (ProductionReading, [String]) {
        // The server's own limits do not help where it is the server, or the network, that hangs.
        let deadline = Deadline(
            patience.answering, session.cancellation,
            Obstacle(
                .deadlineExceeded,
                "no answer within \(Quantity.duration(seconds: patience.answering.totalSeconds)) over a connection "
                    + "that is open",
                hint: "Look whether the server hangs, or is out of memory, and whether the network drops packets."))
        defer { deadline.stop() }
        return try session.probe.read()
    }

    private func write(_ lines: [ProductionAccount.Line]) {
        for line in lines { log.log(level: line.level, "\(database): \(line.text)") }
    }
}
