import Backups
import Logging
import Synchronization

/// The history, where what can't be written now is kept until it can: a full disk must not lose a verdict, nor hide it.
final class HistoryKeeper: Sendable {
    /// A verification that is over and not yet in the history.
    struct Unwritten: Sendable {
        /// `nil` where not even its beginning could be written.
        var run: RunID?
        let database: String
        let backup: BackupIdentity
        let report: VerificationReport
    }

    private struct State {
        var unwritten: [Unwritten] = []
        var problem: Obstacle?
    }

    let store: any HistoryStore
    private let log: Logger
    private let state = Mutex(State())

    init(_ store: any HistoryStore, log: Logger) {
        self.store = store
        self.log = log
    }

    /// Why the last write failed; `nil` when it did not.
    var problem: Obstacle? { state.withLock { $0.problem } }

    func unwritten(of database: String) -> [Unwritten] {
        state.withLock { $0.unwritten.filter { $0.database == database } }
    }

    /// - Returns: `nil` when it could not be written; the verification goes on all the same.
    func begin(_ database: String, _ backup: BackupIdentity, at moment: Timestamp) -> RunID? {
        attempt("the begin of a verification") { try store.begin(database, backup: backup, at: moment) }
    }

    func finish(_ run: RunID?, _ database: String, _ backup: BackupIdentity, _ report: VerificationReport) {
        state.withLock {
            $0.unwritten.append(Unwritten(run: run, database: database, backup: backup, report: report))
        }
        writeUnwritten()
    }

    /// Writes what could not be written before; called again and again.
    /// - Returns: the databases whose history has changed by that.
    @discardableResult
    func writeUnwritten() -> Set<String> {
        var written: Set<String> = []
        for entry in state.withLock({ $0.unwritten }) {
            let isWritten: Void? = attempt("a verification") {
                try store.finish(try entry.run ?? begin(entry), entry.report)
            }
            guard isWritten != nil else { break }
            state.withLock { state in
                if !state.unwritten.isEmpty { state.unwritten.removeFirst() }
            }
            written.insert(entry.database)
        }
        return written
    }

    /// Notes the beginning of the first of what is unwritten. Should its end fail again, it has begun all the same.
    private func begin(_ entry: Unwritten) throws -> RunID {
        let run = try store.begin(entry.database, backup: entry.backup, at: entry.report.startedAt)
        state.withLock { $0.unwritten[0].run = run }
        return run
    }

    /// Runs `body`; its failure is logged when it begins, and kept for ``problem``.
    func attempt<Value>(_ what: String, _ body: () throws -> Value) -> Value? {
        do {
            let value = try body()
            let hadProblem = state.withLock { state in
                defer { state.problem = nil }
                return state.problem != nil
            }
            if hadProblem { log.notice("the history can be written again") }
            return value
        } catch {
            let obstacle = error as? Obstacle ?? Obstacle(.internalError, "\(error)")
            let isNew = state.withLock { state in
                defer { state.problem = obstacle }
                return state.problem?.message != obstacle.message
            }
            if isNew { log.error("\(what) can't be written to the history: \(obstacle)") }
            return nil
        }
    }
}
