import Backups
import Logging
import Synchronization

/// The history, where what can't be written now is kept until it can: a full disk must not lose a verdict, nor hide it.
final class HistoryKeeper: Sendable {
    /// A verification, or a drill, that is over and not yet in the history.
    struct Unwritten: Sendable {
        /// `nil` where not even its beginning could be written.
        var run: RunID?
        let database: String
        let backup: BackupIdentity
        let report: VerificationReport
    }

    /// What lay at a location when the history could not be written.
    private struct Sighting: Sendable {
        let backups: [CatalogBackup]
        let at: Timestamp
    }

    private struct State {
        var unwritten: [Unwritten] = []
        /// By database; of several looks the last one counts.
        var sightings: [String: Sighting] = [:]
        /// Databases that the history does not know yet, and since when they are configured.
        var newcomers: [String: Timestamp] = [:]
        /// Databases of which the history does not know yet that they are drilled, and since when they are.
        var drilled: [String: Timestamp] = [:]
        var writeProblem: Obstacle?
        var readProblem: Obstacle?
        var seconds: Double?
    }

    let store: any HistoryStore
    /// Finds a damaged history that was set aside.
    let setAside: @Sendable () -> HistoryFacts.SetAside?
    private let stopwatch: @Sendable () -> ContinuousClock.Instant
    private let log: Logger
    private let state = Mutex(State())

    /// - Parameter stopwatch: tells how long a question to the history took.
    init(
        _ store: any HistoryStore, setAside: @escaping @Sendable () -> HistoryFacts.SetAside? = { nil },
        stopwatch: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, log: Logger
    ) {
        self.store = store
        self.setAside = setAside
        self.stopwatch = stopwatch
        self.log = log
    }

    /// How long the last reading or writing took; `nil` before there was one.
    var seconds: Double? { state.withLock { $0.seconds } }

    /// Why the last write or the last reading failed; `nil` when neither did. That it can be read does not say that it can
    /// be written to.
    var problem: Obstacle? { state.withLock { $0.writeProblem ?? $0.readProblem } }

    func unwritten(of database: String) -> [Unwritten] {
        state.withLock { $0.unwritten.filter { $0.database == database } }
    }

    /// - Returns: `nil` when it could not be written; the verification goes on all the same.
    /// - Parameter drill: how far it is to recover; `nil` for a verification.
    func begin(
        _ database: String, _ backup: BackupIdentity, drill: DrillFacts? = nil, at moment: Timestamp
    ) -> RunID? {
        write("the begin of a verification") {
            try store.begin(database, backup: backup, drill: drill, at: moment)
        }
    }

    func finish(_ run: RunID?, _ database: String, _ backup: BackupIdentity, _ report: VerificationReport) {
        state.withLock {
            $0.unwritten.append(Unwritten(run: run, database: database, backup: backup, report: report))
        }
        writeUnwritten()
    }

    /// When `database` was first heard of: where the history can't be written, now.
    func monitoredSince(_ database: String, now: Timestamp) -> Timestamp {
        let known = write("a new database") { try store.monitoredSince(database, now: now) }
        state.withLock { $0.newcomers[database] = known == nil ? $0.newcomers[database] ?? now : nil }
        return known ?? now
    }

    /// When drills of `database` were first configured: where the history can't be written, when that was first found out here.
    func drilledSince(_ database: String, now: Timestamp) -> Timestamp {
        let pending = state.withLock { $0.drilled[database] } ?? now
        let known = write("that drills are made") { try store.drilledSince(database, now: pending) }
        state.withLock { $0.drilled[database] = known == nil ? pending : nil }
        return known ?? pending
    }

    func noteBackups(_ database: String, _ backups: [CatalogBackup], at moment: Timestamp) {
        let isWritten: Void? = write("the backups that are there") {
            try store.noteBackups(database, backups, at: moment)
        }
        state.withLock { $0.sightings[database] = isWritten == nil ? Sighting(backups: backups, at: moment) : nil }
    }

    /// The backups that were there when they were last noted; none where the history can't be read.
    func presentBackups(of database: String) -> [CatalogBackup] {
        read("backups that were there") { try store.presentBackups(of: database) } ?? []
    }

    /// Removes all that is known of `database`, here too: what is still to be written would bring it back.
    /// - Returns: `nil` when it could not be written; then all of it stays.
    func forget(_ database: String) -> Void? {
        guard write("that a database is forgotten", { try store.forget(database) }) != nil else { return nil }
        state.withLock { (state: inout State) in
            state.sightings[database] = nil
            state.newcomers[database] = nil
            state.drilled[database] = nil
        }
        return ()
    }

    /// Writes what could not be written before; called again and again.
    /// - Returns: the databases whose history has changed by that.
    @discardableResult
    func writeUnwritten() -> Set<String> {
        let (newcomers, drilled, sightings) = state.withLock { ($0.newcomers, $0.drilled, $0.sightings) }
        for (database, moment) in newcomers { _ = monitoredSince(database, now: moment) }
        for (database, moment) in drilled { _ = drilledSince(database, now: moment) }
        for (database, sighting) in sightings { noteBackups(database, sighting.backups, at: sighting.at) }
        return writeVerifications()
    }

    private enum Attempt {
        case written, lost
        case failed(isDiskFull: Bool)
    }

    /// Those of one database are written in the order in which they ended, or the history would say what was said first. Where
    /// one can't be written, those of other databases go on, but for a full disk, which is the same for all.
    private func writeVerifications() -> Set<String> {
        var written: Set<String> = []
        var waiting: Set<String> = []
        for entry in state.withLock({ $0.unwritten }) where !waiting.contains(entry.database) {
            switch attempt(entry) {
            case .written: written.insert(entry.database)
            case .lost: log.error("\(entry.database): what \(entry.backup.name) showed is given up: its run is gone")
            case .failed(let isDiskFull):
                if isDiskFull { return written }
                waiting.insert(entry.database)
                continue
            }
            change(first: entry.database) { unwritten, index in unwritten.remove(at: index) }
        }
        return written
    }

    private func attempt(_ entry: Unwritten) -> Attempt {
        var attempt = Attempt.failed(isDiskFull: false)
        _ = write("a verification") {
            do {
                try store.finish(try entry.run ?? begin(entry), entry.report)
                attempt = .written
            } catch is LostRun {
                attempt = .lost
            } catch {
                attempt = .failed(isDiskFull: (error as? Obstacle)?.reason == .diskFull)
                throw error
            }
        }
        return attempt
    }

    /// Notes the beginning of an unwritten one. Should its end fail again, it has begun all the same.
    private func begin(_ entry: Unwritten) throws -> RunID {
        let run = try store.begin(
            entry.database, backup: entry.backup, drill: entry.report.drill, at: entry.report.startedAt)
        change(first: entry.database) { unwritten, index in unwritten[index].run = run }
        return run
    }

    /// What is unwritten of one database is taken from the front.
    private func change(first database: String, _ body: (inout [Unwritten], Int) -> Void) {
        state.withLock { state in
            guard let index = state.unwritten.firstIndex(where: { $0.database == database }) else { return }
            body(&state.unwritten, index)
        }
    }

    /// Runs `body`, which writes; its failure is logged when it begins, and kept for ``problem``.
    func write<Value>(_ what: String, _ body: () throws -> Value) -> Value? {
        attempt("\(what) can't be written to the history", "the history can be written again", \.writeProblem, body)
    }

    /// Runs `body`, which reads only; its failure is told as that of a write.
    func read<Value>(_ what: String, _ body: () throws -> Value) -> Value? {
        attempt("\(what) can't be read from the history", "the history can be read again", \.readProblem, body)
    }

    private func attempt<Value>(
        _ failure: String, _ recovery: String, _ problem: WritableKeyPath<State, Obstacle?>,
        _ body: () throws -> Value
    ) -> Value? {
        let start = stopwatch()
        defer { state.withLock { $0.seconds = (stopwatch() - start).totalSeconds } }
        do {
            let value = try body()
            let hadProblem = state.withLock { state in
                defer { state[keyPath: problem] = nil }
                return state[keyPath: problem] != nil
            }
            if hadProblem { log.notice("\(recovery)") }
            return value
        } catch {
            let obstacle = error as? Obstacle ?? Obstacle(.internalError, "\(error)")
            let isNew = state.withLock { state in
                defer { state[keyPath: problem] = obstacle }
                return state[keyPath: problem]?.message != obstacle.message
            }
            if isNew { log.error("\(failure): \(obstacle)") }
            return nil
        }
    }
}
