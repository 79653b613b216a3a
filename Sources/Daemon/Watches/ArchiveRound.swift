import Backups
import Logging
import PostgreSQL
import Processes
import Settings

/// The archives, when each is due, and what is being looked at. Each look has a thread and a time of its own: one that hangs
/// holds up no other, and is not looked at again before it has answered.
struct ArchiveRound {
    /// Looks at one archive, or throws an ``Obstacle``.
    typealias Look =
        @Sendable (WALArchiveSettings, ScratchSettings?, inout ArchiveMemory, ArchivePulse) throws -> WALArchiveFacts

    /// What a thread brings.
    struct Answer: Sendable {
        fileprivate let settings: WALArchiveSettings
        fileprivate let facts: Result<WALArchiveFacts, Obstacle>
        fileprivate let memory: ArchiveMemory
        fileprivate let seconds: Double
    }

    private struct Archive {
        var due: ContinuousClock.Instant
        var memory = ArchiveMemory()
        var problem: String?
    }

    private struct Running {
        let pulse = ArchivePulse()
        let began: ContinuousClock.Instant
        /// It was said that it takes too long.
        var isOverdue = false
    }

    /// Most that are looked at side by side, beside those that hang.
    private static let most = 4

    let patience: Duration
    let log: Logger
    let look: Look
    /// Called on a thread of its own with what a look found.
    let answer: @Sendable (Answer) -> Void
    private var scratch: ScratchSettings?
    private var archives: [WALArchiveSettings: Archive] = [:]
    private var running: [WALArchiveSettings: Running] = [:]

    /// - Parameter patience: whoever gives no sign for so long is down until it has answered.
    init(
        patience: Duration, log: Logger, look: @escaping Look, answer: @escaping @Sendable (Answer) -> Void
    ) {
        self.patience = patience
        self.log = log
        self.look = look
        self.answer = answer
    }

    /// `nil` when there is nothing to do before something happens.
    var untilNext: Duration? {
        let due = hasRoom ? archives.filter { running[$0.key] == nil }.values.map(\.due) : []
        let overdue = running.values.filter { !$0.isOverdue }.map { $0.pulse.at + patience }
        return (due + overdue).min().map { max(.zero, $0 - .now) }
    }

    private var hasRoom: Bool { running.values.count { !$0.isOverdue } < Self.most }

    mutating func configure(_ wanted: [WALArchiveSettings], _ scratch: ScratchSettings) {
        self.scratch = scratch
        let former = archives
        archives = wanted.reduce(into: [:]) { $0[$1] = former[$1] ?? Archive(due: .now) }
    }

    /// Begins the looks that are due.
    mutating func begin() {
        for (settings, archive) in archives.sorted(by: { $0.value.due < $1.value.due })
        where archive.due <= .now && running[settings] == nil && hasRoom {
            let run = Running(began: .now)
            running[settings] = run
            DetachedThread.start(named: "archive") { [look, scratch, answer] in
                var memory = archive.memory
                let facts = Result { try look(settings, scratch, &memory, run.pulse) }
                    .mapError { $0 as? Obstacle ?? Obstacle(.internalError, "\($0)") }
                answer(
                    Answer(
                        settings: settings, facts: facts, memory: memory,
                        seconds: (ContinuousClock.now - run.began).totalSeconds))
            }
        }
    }

    /// - Returns: `nil` for what tells of earlier, and of archives that are configured no more.
    mutating func note(_ answer: Answer) -> ArchiveLook? {
        let run = running.removeValue(forKey: answer.settings)
        guard var archive = archives[answer.settings] else { return nil }
        archive.memory = answer.memory
        // What it says was so before it hung, perhaps hours ago.
        let isStale = run?.isOverdue ?? true
        archive.due = isStale ? .now : .now + answer.settings.interval
        archives[answer.settings] = archive
        return isStale ? nil : told(answer.settings, answer.facts, answer.seconds)
    }

    /// Those that have given no sign for too long; each is told once.
    mutating func overdue() -> [ArchiveLook] {
        let now = ContinuousClock.now
        var looks: [ArchiveLook] = []
        for (settings, run) in running where !run.isOverdue && now - run.pulse.at >= patience {
            running[settings]?.isOverdue = true
            guard archives[settings] != nil else { continue }
            let obstacle = Obstacle(
                .deadlineExceeded,
                "\(settings.location) has given no sign for \(Quantity.duration(seconds: patience.totalSeconds))",
                hint: "Look whether its file system hangs, as a mount does whose server is gone.")
            looks.append(told(settings, .failure(obstacle), (now - run.began).totalSeconds))
        }
        return looks
    }

    /// Logs a problem once.
    private mutating func told(
        _ settings: WALArchiveSettings, _ facts: Result<WALArchiveFacts, Obstacle>, _ seconds: Double
    ) -> ArchiveLook {
        let problem: String? = if case .failure(let obstacle) = facts { "\(obstacle)" } else { nil }
        if let problem, problem != archives[settings]?.problem {
            log.warning("\(settings.location): the WAL archive could not be looked at: \(problem)")
        }
        archives[settings]?.problem = problem
        return ArchiveLook(settings: settings, facts: facts, seconds: seconds)
    }
}
