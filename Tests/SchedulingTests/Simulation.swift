import Backups
import TestSupport

@testable import Scheduling

/// Plays the shell of a ``Scheduler`` on a clock of its own, and notes what it was told to do.
struct Simulation {
    struct Run: Equatable {
        let database: String
        /// Of a drill none: it chooses its base backup itself.
        let backups: [BackupIdentity]
        let start: Timestamp
        var isDrill = false
    }

    var scheduler: Scheduler
    private(set) var now: Timestamp
    private(set) var runs: [Run] = []
    /// When each run in progress ends.
    private(set) var running: [String: Timestamp] = [:]
    private(set) var mostAtOnce = 0
    /// Promises that were broken.
    private(set) var violations: [String] = []
    private(set) var wakeUps = 0
    let cap: Int
    var runSeconds: (Run) -> Int64 = { _ in 60 }
    var outcome: (Run, BackupIdentity) -> (Verdict, Reason?) = { _, _ in (.verified, nil) }

    init(_ databases: [ScheduledDatabase], cap: Int = 4, at start: Timestamp, seed: UInt64 = 1) {
        scheduler = Scheduler(cap: cap, generator: SeededGenerator(seed: seed))
        self.cap = cap
        now = start
        scheduler.configure(databases, at: start)
    }

    init(
        _ schedule: VerificationSchedule, name: String = "shop", since: Timestamp? = nil, cap: Int = 4,
        at start: Timestamp, backups: [CatalogBackup] = [Self.backup("a", 0)]
    ) {
        self.init(
            [ScheduledDatabase(name: name, schedule: schedule, monitoredSince: since ?? start)], cap: cap, at: start)
        scheduler.see(CatalogFacts(backups: backups), of: name, at: start)
    }

    static func backup(_ name: String, _ hour: Int64) -> CatalogBackup {
        let time = Timestamp(seconds: 1_700_000_000 + hour * 3600)
        return CatalogBackup(
            identity: BackupIdentity(path: "/backups/\(name)", sizeBytes: 1000, modified: time), completedAt: time)
    }

    /// Whatever base backup a drill took.
    static let base = backup("base", 0).identity

    func drills(of database: String = "shop") -> [String] {
        runs.filter { $0.database == database && $0.isDrill }.map(\.start.description)
    }

    var starts: [String] { runs.map(\.start.description) }
    func starts(of database: String) -> [Timestamp] { runs.filter { $0.database == database }.map(\.start) }

    mutating func see(_ names: [String], of database: String = "shop") {
        let backups = names.enumerated().map { Self.backup($1, Int64($0)) }
        scheduler.see(CatalogFacts(backups: backups), of: database, at: now)
    }

    /// Sets the clock without anything else happening: a pause, or a step.
    mutating func setClock(_ moment: Timestamp) {
        let step = moment.microseconds - now.microseconds
        // Runs end after the time that they take, whatever the clock shows.
        running = running.mapValues { Timestamp(microseconds: $0.microseconds + step) }
        now = moment
    }

    mutating func act() {
        for action in scheduler.actions(at: now) {
            let run =
                switch action {
                case .start(let database, let backups): Run(database: database, backups: backups, start: now)
                case .drill(let database): Run(database: database, backups: [], start: now, isDrill: true)
                }
            let (database, backups) = (run.database, run.backups)
            if running[database] != nil { violations.append("two runs of \(database) at \(now)") }
            if backups.isEmpty, !run.isDrill { violations.append("a run of nothing at \(now)") }
            if Set(backups).count != backups.count { violations.append("a backup twice at \(now)") }
            running[database] = now.adding(seconds: runSeconds(run))
            runs.append(run)
        }
        mostAtOnce = max(mostAtOnce, running.count)
        if running.count > cap { violations.append("\(running.count) runs at \(now)") }
    }

    mutating func advance(to end: Timestamp) {
        act()
        while true {
            let ended = running.values.min()
            let wakeUp = scheduler.wakeUp(after: now)
            if let wakeUp, wakeUp <= now { violations.append("wakes up at \(wakeUp), and it is \(now)") }
            guard let next = [ended, wakeUp].compactMap({ $0 }).min(), next <= end, wakeUps < 1_000_000 else { break }
            now = max(now, next)
            wakeUps += 1
            for (database, moment) in running where moment <= now { finish(database) }
            act()
        }
        now = end
        act()
    }

    mutating func advance(hours: Int64) { advance(to: now.adding(seconds: hours * 3600)) }

    private mutating func finish(_ database: String) {
        running[database] = nil
        guard let run = runs.last(where: { $0.database == database }) else { return }
        let outcomes = (run.isDrill ? [Self.base] : run.backups).map { backup in
            let (verdict, reason) = outcome(run, backup)
            return RunOutcome(backup: backup, verdict: verdict, reason: reason)
        }
        scheduler.finished(database, outcomes, at: now)
    }
}
