import Backups
import Locations
import Logging
import PostgreSQL
import Processes
import Settings

/// Looks at the archives of write-ahead logs again and again: each as often as its configuration says, and once however many
/// databases name it.
final class ArchiveWatch: Sendable {
    private enum Order: Sendable {
        case configure([WALArchiveSettings], ScratchSettings)
        case answer(ArchiveRound.Answer)
        case stop
    }

    private let orders = BlockingQueue<Order>()
    private let events: BlockingQueue<DaemonEvent>
    private let patience: Duration
    private let look: ArchiveRound.Look
    private let log: Logger
    private let cancellation: Cancellation

    /// - Parameters:
    ///   - patience: whoever gives no sign for so long is down until it has answered.
    ///   - look: looks at one archive; `nil`: where it lies.
    init(
        events: BlockingQueue<DaemonEvent>, patience: Duration = .seconds(300), look: ArchiveRound.Look? = nil,
        log: Logger
    ) {
        let cancellation = Cancellation()
        self.events = events
        self.patience = patience
        self.look = look ?? { try Self.look($0, $1, &$2, $3, cancellation) }
        self.log = log
        self.cancellation = cancellation
        DetachedThread.start(named: "archives") { [self] in watch() }
    }

    /// From now on at the archives of these databases; new ones are looked at at once.
    func configure(_ databases: [DatabaseSettings], _ configuration: Configuration) {
        let archives = Set(databases.compactMap(\.walArchive))
        orders.append(.configure(archives.sorted { $0.location < $1.location }, configuration.scratch))
    }

    /// Ends a look that is under way, too.
    func stop() {
        cancellation.cancel(Obstacle(.interrupted, "the daemon was ended"))
        orders.append(.stop)
    }

    private func watch() {
        var round = ArchiveRound(patience: patience, log: log, look: look) { [orders] in orders.append(.answer($0)) }
        while true {
            switch round.untilNext.map({ orders.next(for: $0) }) ?? orders.next() {
            case .stop: return
            case .configure(let archives, let scratch): round.configure(archives, scratch)
            case .answer(let answer):
                let look = round.note(answer)
                if let look, !cancellation.isCancelled { events.append(.archived(look)) }
            case nil: break
            }
            guard !cancellation.isCancelled else { continue }
            for look in round.overdue() { events.append(.archived(look)) }
            round.begin()
        }
    }

    private static func look(
        _ settings: WALArchiveSettings, _ scratch: ScratchSettings?, _ memory: inout ArchiveMemory,
        _ pulse: ArchivePulse, _ cancellation: Cancellation
    ) throws -> WALArchiveFacts {
        var options = WALArchiveCheck.Options()
        options.grace = settings.grace
        options.sweep = settings.sweep
        var configuration = ScratchConfiguration()
        configuration.directory = scratch?.directory ?? configuration.directory
        configuration.user = scratch?.user
        let bins = scratch?.postgresqlBin ?? []
        let now = Timestamp.now()
        let locations = KnownLocations.ofRounds
        let check = WALArchiveCheck(
            archive: try locations.archive(settings.location), bases: try settings.base.map(locations.archive),
            options: options, scratch: configuration, installations: { Installations.find(configured: bins) },
            now: now, progress: pulse, cancellation: cancellation)
        return WALArchiveFacts(try check.run(knowing: &memory), at: now)
    }
}
