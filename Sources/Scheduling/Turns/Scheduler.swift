package import Backups

/// Decides which database is verified when, and which of its backups, and when it is drilled. Pure: it reads no clock and
/// starts nothing.
///
/// A shell tells it what happens, asks it for ``actions(at:)`` after each event and at ``wakeUp(after:)``, and performs
/// them. It promises, whatever the clock does:
/// - never two runs of one database, a drill and a verification neither, and never more runs than the cap;
/// - a turn that was missed (pause, closed window, cap, no room) is made up for once, however often it was missed;
/// - turns start only inside the window, unless they were asked for by hand;
/// - what is due longest starts first, so that each due database starts in the end;
/// - a backup without a verdict is tried again after 10 minutes, then after twice as long each time, a day at most; one
///   that failed waits for its next turn;
/// - a clock that was set back by up to 3 hours is waited for; further back, turns are counted from its new time.
///
/// The wall clock may be set while the shell waits: it wakes once a minute whatever ``wakeUp(after:)`` says.
package struct Scheduler: Sendable {
    private struct Run: Sendable {
        var kind: RunKind
        var backups: [BackupIdentity]
    }

    /// Whose turns a plan is of.
    private struct Key: Sendable, Hashable {
        var database: String
        var kind: RunKind
    }

    private var cap: Int
    private var generator: any RandomNumberGenerator & Sendable
    private var plans: [Key: DatabasePlan] = [:]
    /// Also of databases that are configured no more: they end under what they started with.
    private var running: [String: Run] = [:]
    private var now = Timestamp(seconds: 0)

    /// - Parameters:
    ///   - cap: runs side by side, 1 at least.
    ///   - generator: chooses older backups.
    package init(cap: Int, generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
        self.cap = max(1, cap)
        self.generator = generator
    }

    // MARK: Events

    /// The configuration as read at the start or anew. What is gone is forgotten, what stays keeps its history; runs in
    /// progress go on.
    package mutating func configure(_ databases: [ScheduledDatabase], cap: Int? = nil, at moment: Timestamp) {
        now = moment
        if let cap { self.cap = max(1, cap) }
        var configured: [Key: DatabasePlan] = [:]
        for database in databases {
            let key = Key(database: database.name, kind: .verification)
            var plan = plans[key] ?? DatabasePlan(database)
            plan.reschedule(database.schedule, at: moment)
            configured[key] = plan
            if let drill = database.drill {
                configured[Key(database: database.name, kind: .drill)] = self.plan(
                    of: drill, of: database.name, plan.catalog)
            }
        }
        plans = configured
    }

    private func plan(of drill: ScheduledDrill, of database: String, _ catalog: CatalogFacts?) -> DatabasePlan {
        if var known = plans[Key(database: database, kind: .drill)] {
            known.reschedule(drill.schedule, at: now)
            return known
        }
        var plan = DatabasePlan(
            ScheduledDatabase(
                name: database, schedule: drill.schedule, monitoredSince: drill.since,
                lastRuns: drill.last.first.map { [$0.backup: $0] } ?? [:]),
            // A daemon that a drill takes down with it, again and again, leaves more time between them.
            attempts: drill.last.prefix { RetryDelay.isWorthwhile($0.verdict, $0.reason) }.count)
        plan.obstacleOfArchive = .archiveUnknown
        if let catalog { plan.see(catalog, at: now) }
        return plan
    }

    /// What lies at the location of `database`: at each listing, and when one failed.
    package mutating func see(_ catalog: CatalogFacts, of database: String, at moment: Timestamp) {
        now = moment
        for kind in RunKind.allCases { plans[Key(database: database, kind: kind)]?.see(catalog, at: moment) }
    }

    /// What keeps drills of `database` from beginning: its archive was not looked at yet, or can't be. Holds until it is said
    /// anew.
    /// - Parameter obstacle: `nil` when nothing does.
    package mutating func setArchive(_ obstacle: Hindrance?, of database: String) {
        plans[Key(database: database, kind: .drill)]?.obstacleOfArchive = obstacle
    }

    /// Asks for a turn by hand: now, whatever its window and even when it is suspended; cap and room count.
    /// - Returns: `false` for a database that is not configured, and for a drill where none is.
    @discardableResult
    package mutating func request(
        _ database: String, _ kind: RunKind = .verification, at moment: Timestamp
    ) -> Bool {
        now = moment
        let key = Key(database: database, kind: kind)
        plans[key]?.request(at: moment)
        return plans[key] != nil
    }

    /// Whether the disk has room for a run of `database`. Holds until it is said anew; a shell asks for ``ready(at:)``,
    /// measures for those, and says so before it asks for ``actions(at:)``.
    /// - Parameter lack: `nil` when there is room, else how much is missing, as one sentence without its full stop.
    package mutating func setRoom(lack: String?, of database: String) {
        for kind in RunKind.allCases { plans[Key(database: database, kind: kind)]?.lackOfRoom = lack }
    }

    /// A run has ended. Backups that were to be verified and have no outcome count as `inconclusive: interrupted`.
    package mutating func finished(_ database: String, _ outcomes: [RunOutcome], at moment: Timestamp) {
        now = moment
        guard let run = running.removeValue(forKey: database) else { return }
        let known = Set(outcomes.map(\.backup))
        // A drill chooses its base backup itself.
        let isOpen: (BackupIdentity) -> Bool = run.kind == .drill ? { _ in known.isEmpty } : { !known.contains($0) }
        let missing = run.backups.filter(isOpen).map {
            RunOutcome(backup: $0, verdict: .inconclusive, reason: .interrupted)
        }
        plans[Key(database: database, kind: run.kind)]?.finish(outcomes + missing, at: moment)
    }

    // MARK: Decisions

    /// Databases that would start now if the cap and the disk let them, in their order.
    package mutating func ready(at moment: Timestamp) -> [String] {
        var seen: Set<String> = []
        return readyTurns(at: moment).map(\.database).filter { seen.insert($0).inserted }
    }

    private mutating func readyTurns(at moment: Timestamp) -> [Key] {
        now = moment
        // By index: going over the keys would copy the whole dictionary at the first change.
        var index = plans.startIndex
        while index != plans.endIndex {
            plans.values[index].accept(moment)
            plans.formIndex(after: &index)
        }
        var ready: [(key: Key, due: DatabasePlan.Due)] = []
        for (key, plan) in plans where running[key.database] == nil && plan.obstacle(at: moment) == nil {
            if let due = plan.due { ready.append((key, due)) }
        }
        // Of two turns of one database that are due as long, the verification comes first: what it finds is known sooner.
        ready.sort {
            ($0.due.rank, $0.due.at, $0.key.database, $0.key.kind == .drill ? 1 : 0)
                < ($1.due.rank, $1.due.at, $1.key.database, $1.key.kind == .drill ? 1 : 0)
        }
        return ready.map(\.key)
    }

    /// What to start now.
    package mutating func actions(at moment: Timestamp) -> [SchedulerAction] {
        var actions: [SchedulerAction] = []
        for key in readyTurns(at: moment) where running[key.database] == nil {
            guard running.count < cap else { break }
            guard var plan = plans[key], plan.lackOfRoom == nil, let due = plan.due else { continue }
            let backups = plan.selectBackups(for: due.turn, using: &generator)
            guard !backups.isEmpty else { continue }
            plan.start(due.turn, backups, at: moment)
            plans[key] = plan
            running[key.database] = Run(kind: key.kind, backups: backups)
            switch key.kind {
            case .verification: actions.append(.start(database: key.database, backups: backups))
            case .drill: actions.append(.drill(database: key.database))
            }
        }
        return actions
    }

    // MARK: Questions

    package func isRunning(_ database: String) -> Bool { running[database] != nil }

    /// What runs of `database`; `nil` when nothing does.
    package func running(_ database: String) -> RunKind? { running[database]?.kind }

    /// When the next turn of `database` starts at the earliest: a moment that has passed when it is held up now. `nil`
    /// when it is suspended, when it waits for a backup that does not exist yet, and when it is not configured.
    package func nextRun(of database: String, _ kind: RunKind = .verification) -> Timestamp? {
        guard let plan = plans[Key(database: database, kind: kind)], !plan.isHeldBack else { return nil }
        return plan.start(from: now)
    }

    /// Why a database whose turn has come is not running; `nil` when it runs, may start, or its turn has not come.
    package func hindrance(of database: String, _ kind: RunKind = .verification) -> Hindrance? {
        guard let plan = plans[Key(database: database, kind: kind)] else { return nil }
        if let run = running[database] {
            guard run.kind != kind, !plan.isHeldBack, let due = plan.due, due.at <= now else { return nil }
            return plan.obstacle(at: now) ?? .otherTurn(isDrill: run.kind == .drill)
        }
        if plan.isHeldBack { return .suspended }
        guard let due = plan.due, due.at <= now else { return nil }
        if let obstacle = plan.obstacle(at: now) { return obstacle }
        if let lack = plan.lackOfRoom { return .noRoom(lack) }
        return running.count >= cap ? .cap(cap) : nil
    }

    /// When to ask for ``actions(at:)`` again if nothing happens before; `nil` for only when something happens.
    package func wakeUp(after moment: Timestamp) -> Timestamp? {
        var earliest: Timestamp?
        for (key, plan) in plans where running[key.database] == nil && !plan.isHeldBack {
            guard var start = plan.start(from: moment) else { continue }
            if start <= moment {
                // Room may come back by itself, and nothing tells when.
                guard plan.lackOfRoom != nil, plan.obstacle(at: moment) == nil else { continue }
                start = moment.adding(seconds: 60)
            }
            earliest = min(earliest ?? start, start)
        }
        return earliest
    }
}
