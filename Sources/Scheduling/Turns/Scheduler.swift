package import Backups

/// Decides which database is verified when, and which of its backups. Pure: it reads no clock and starts nothing.
///
/// A shell tells it what happens, asks it for ``actions(at:)`` after each event and at ``wakeUp(after:)``, and performs
/// them. It promises, whatever the clock does:
/// - never two runs of one database, and never more runs than the cap;
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
        var backups: [BackupIdentity]
    }

    private var cap: Int
    private var generator: any RandomNumberGenerator & Sendable
    private var plans: [String: DatabasePlan] = [:]
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
        var configured: [String: DatabasePlan] = [:]
        for database in databases {
            var plan = plans[database.name] ?? DatabasePlan(database)
            plan.reschedule(database.schedule, at: moment)
            configured[database.name] = plan
        }
        plans = configured
    }

    /// What lies at the location of `database`: at each listing, and when one failed.
    package mutating func see(_ catalog: CatalogFacts, of database: String, at moment: Timestamp) {
        now = moment
        plans[database]?.see(catalog, at: moment)
    }

    /// Asks for a turn by hand: now, whatever its window and even when it is suspended; cap and room count.
    /// - Returns: `false` for a database that is not configured.
    @discardableResult
    package mutating func request(_ database: String, at moment: Timestamp) -> Bool {
        now = moment
        plans[database]?.request(at: moment)
        return plans[database] != nil
    }

    /// Whether the disk has room for a run of `database`. Holds until it is said anew; a shell asks for ``ready(at:)``,
    /// measures for those, and says so before it asks for ``actions(at:)``.
    /// - Parameter lack: `nil` when there is room, else how much is missing, as one sentence without its full stop.
    package mutating func setRoom(lack: String?, of database: String) {
        plans[database]?.lackOfRoom = lack
    }

    /// A run has ended. Backups that were to be verified and have no outcome count as `inconclusive: interrupted`.
    package mutating func finished(_ database: String, _ outcomes: [RunOutcome], at moment: Timestamp) {
        now = moment
        guard let run = running.removeValue(forKey: database) else { return }
        let known = Set(outcomes.map(\.backup))
        let missing = run.backups.filter { !known.contains($0) }.map {
            RunOutcome(backup: $0, verdict: .inconclusive, reason: .interrupted)
        }
        plans[database]?.finish(outcomes + missing, at: moment)
    }

    // MARK: Decisions

    /// Databases that would start now if the cap and the disk let them, in their order.
    package mutating func ready(at moment: Timestamp) -> [String] {
        now = moment
        // By index: going over the keys would copy the whole dictionary at the first change.
        var index = plans.startIndex
        while index != plans.endIndex {
            plans.values[index].accept(moment)
            plans.formIndex(after: &index)
        }
        var ready: [(name: String, due: DatabasePlan.Due)] = []
        for (name, plan) in plans where running[name] == nil && plan.obstacle(at: moment) == nil {
            if let due = plan.due { ready.append((name, due)) }
        }
        ready.sort { ($0.due.rank, $0.due.at, $0.name) < ($1.due.rank, $1.due.at, $1.name) }
        return ready.map(\.name)
    }

    /// What to start now.
    package mutating func actions(at moment: Timestamp) -> [SchedulerAction] {
        var actions: [SchedulerAction] = []
        for name in ready(at: moment) {
            guard running.count < cap else { break }
            guard var plan = plans[name], plan.lackOfRoom == nil, let due = plan.due else { continue }
            let backups = plan.selectBackups(for: due.turn, using: &generator)
            guard !backups.isEmpty else { continue }
            plan.start(due.turn, backups, at: moment)
            plans[name] = plan
            running[name] = Run(backups: backups)
            actions.append(.start(database: name, backups: backups))
        }
        return actions
    }

    // MARK: Questions

    package func isRunning(_ database: String) -> Bool { running[database] != nil }

    /// When the next turn of `database` starts at the earliest: a moment that has passed when it is held up now. `nil`
    /// when it is suspended, when it waits for a backup that does not exist yet, and when it is not configured.
    package func nextRun(of database: String) -> Timestamp? {
        guard let plan = plans[database], !plan.isHeldBack else { return nil }
        return plan.start(from: now)
    }

    /// Why a database whose turn has come is not running; `nil` when it runs, may start, or its turn has not come.
    package func hindrance(of database: String) -> Hindrance? {
        guard let plan = plans[database], running[database] == nil else { return nil }
        if plan.isHeldBack { return .suspended }
        guard let due = plan.due, due.at <= now else { return nil }
        if let obstacle = plan.obstacle(at: now) { return obstacle }
        if let lack = plan.lackOfRoom { return .noRoom(lack) }
        return running.count >= cap ? .cap(cap) : nil
    }

    /// When to ask for ``actions(at:)`` again if nothing happens before; `nil` for only when something happens.
    package func wakeUp(after moment: Timestamp) -> Timestamp? {
        var earliest: Timestamp?
        for (name, plan) in plans where running[name] == nil && !plan.isHeldBack {
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
