import Backups
import Locations
import Logging
import PostgreSQL
import Processes
import Settings

/// Looks at the archives of write-ahead logs again and again, one after the other, on a thread of its own: each as often as
/// its configuration says, and once however many databases name it.
final class ArchiveWatch: Sendable {
    private enum Order: Sendable {
        case configure([WALArchiveSettings], ScratchSettings)
        case stop
    }

    private let orders = BlockingQueue<Order>()
    private let events: BlockingQueue<DaemonEvent>
    private let log: Logger
    private let cancellation = Cancellation()

    init(events: BlockingQueue<DaemonEvent>, log: Logger) {
        self.events = events
        self.log = log
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
        var round = ArchiveRound(cancellation: cancellation, log: log)
        while true {
            switch round.untilNext.map({ orders.next(for: $0) }) ?? orders.next() {
            case .stop: return
            case .configure(let archives, let scratch): round.configure(archives, scratch)
            case nil: break
            }
            guard let look = round.lookIfDue() else { continue }
            events.append(.archived(look))
        }
    }
}

/// The archives, and when each is due.
private struct ArchiveRound {
    private struct Archive {
        var due: ContinuousClock.Instant
        var memory = ArchiveMemory()
        var problem: String?
    }

    let cancellation: Cancellation
    let log: Logger
    private var scratch: ScratchSettings?
    private var archives: [WALArchiveSettings: Archive] = [:]

    init(cancellation: Cancellation, log: Logger) {
        self.cancellation = cancellation
        self.log = log
    }

    /// `nil` when there is nothing to look at.
    var untilNext: Duration? { archives.values.map(\.due).min().map { max(.zero, $0 - .now) } }

    mutating func configure(_ wanted: [WALArchiveSettings], _ scratch: ScratchSettings) {
        self.scratch = scratch
        let former = archives
        archives = wanted.reduce(into: [:]) { $0[$1] = former[$1] ?? Archive(due: .now) }
    }

    mutating func lookIfDue() -> ArchiveLook? {
        guard !cancellation.isCancelled, let (settings, archive) = archives.min(by: { $0.value.due < $1.value.due }),
            archive.due <= .now
        else { return nil }
        var changed = archive
        let start = ContinuousClock.now
        let facts = look(at: settings, &changed.memory)
        if cancellation.isCancelled { return nil }
        changed.due = .now + settings.interval
        let problem: String? = if case .failure(let obstacle) = facts { "\(obstacle)" } else { nil }
        if let problem, problem != archive.problem {
            log.warning("\(settings.location): the WAL archive could not be looked at: \(problem)")
        }
        changed.problem = problem
        archives[settings] = changed
        return ArchiveLook(settings: settings, facts: facts, seconds: (ContinuousClock.now - start).totalSeconds)
    }

    private func look(at settings: WALArchiveSettings, _ memory: inout ArchiveMemory)
        -> Result<WALArchiveFacts, Obstacle>
    {
        var options = WALArchiveCheck.Options()
        options.grace = settings.grace
        options.sweep = settings.sweep
        var configuration = ScratchConfiguration()
        configuration.directory = scratch?.directory ?? configuration.directory
        configuration.user = scratch?.user
        let bins = scratch?.postgresqlBin ?? []
        let now = Timestamp.now()
        do {
            let locations = KnownLocations.ofRounds
            let check = WALArchiveCheck(
                archive: try locations.archive(settings.location), bases: try settings.base.map(locations.archive),
                options: options, scratch: configuration, installations: { Installations.find(configured: bins) },
                now: now, cancellation: cancellation)
            return .success(WALArchiveFacts(try check.run(knowing: &memory), at: now))
        } catch {
            return .failure(error as? Obstacle ?? Obstacle(.internalError, "\(error)"))
        }
    }
}
