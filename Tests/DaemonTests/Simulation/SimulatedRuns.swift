import Backups
import Logging
import Processes
import Settings
import Synchronization
import TestSupport
import Verification

@testable import Daemon

/// Takes the place of verifications: each lasts some simulated minutes, and then says what the bytes of the file and the
/// condition of the machine make it say; and of drills, which are over at once. All else of a turn is the daemon's own, on a thread of its own.
final class SimulatedRuns: Sendable {
    /// How the machine, and what lies in the backups, is at the moment.
    struct Condition: Sendable {
        var canRestore = true
        var restoreSeconds = 42.0
        var missingRows: UInt64 = 0
        /// The newest rows are older than they may be.
        var isStale = false
        /// Simulated minutes that a verification takes.
        var minutes = 4
        /// A drill finds all that it needs.
        var canRecover = true
        /// What a drill measures; it is over at once.
        var recoverySeconds = 42.0
    }

    private enum Arrival: Sendable {
        /// A verification has begun, and waits for its end.
        case holding(BlockingQueue<Bool>)
        case ended
    }

    private struct Active: Sendable {
        let turn: VerificationTurn
        let arrivals: BlockingQueue<Arrival>
        var gate: BlockingQueue<Bool>
        var endsAt: Timestamp
    }

    private struct State {
        var condition = Condition()
        var active: [Active] = []
        /// What the turn of a database tells, by its name.
        var arrivals: [String: BlockingQueue<Arrival>] = [:]
        /// Of each file: how often a verification of it began.
        var begun: [String: Int] = [:]
        var mostAtOnce: [String: Int] = [:]
    }

    private let clock: SimulatedClock
    private let state = Mutex(State())

    init(_ clock: SimulatedClock) {
        self.clock = clock
    }

    func change(_ body: (inout Condition) -> Void) { state.withLock { body(&$0.condition) } }

    /// Verifications that have begun, by the name of the backup.
    var begun: [String: Int] { state.withLock { $0.begun } }
    /// The most verifications of one database that ran at the same time.
    var mostAtOnce: Int { state.withLock { $0.mostAtOnce.values.max() ?? 0 } }
    var isRunning: Bool { state.withLock { !$0.active.isEmpty } }

    var performer: TurnPerformer {
        TurnPerformer(
            start: { [self] turn in launch(turn) }, startDrill: { $0.run() },
            recover: { [self] request, _, _ in
                SimulatedDrill(request: request, condition: state.withLock { $0.condition }).make(at: clock.now)
            }, verify: { [self] request, _, _ in perform(request) })
    }

    private func launch(_ turn: VerificationTurn) {
        let arrivals = BlockingQueue<Arrival>()
        state.withLock { $0.arrivals[turn.database.name] = arrivals }
        // The thread lets go of the turn, and with it of the history, before it says that it has ended.
        let turns = BlockingQueue<VerificationTurn>()
        turns.append(turn)
        DetachedThread.start(named: "simulated turn") {
            turns.next().run()
            arrivals.append(.ended)
        }
        // As long as no verification waits for its end the thread works, on the history say.
        guard case .holding(let gate) = arrivals.next() else { return }
        state.withLock { state in
            state.active.append(
                Active(turn: turn, arrivals: arrivals, gate: gate, endsAt: end(from: clock.now, state.condition)))
            let count = state.active.count { $0.turn.database.name == turn.database.name }
            state.mostAtOnce[turn.database.name] = max(count, state.mostAtOnce[turn.database.name] ?? 0)
        }
    }

    private func end(from moment: Timestamp, _ condition: Condition) -> Timestamp {
        moment.adding(minutes: condition.minutes)
    }

    private func perform(_ request: VerificationRequest) -> VerificationReport {
        let started = clock.now
        let bytes = try? TestFile.size(request.backup)
        let gate = BlockingQueue<Bool>()
        let name = request.backup.split(separator: "/").last.map(String.init) ?? request.backup
        let arrivals = state.withLock { state in
            state.begun[name, default: 0] += 1
            return state.arrivals[request.database ?? ""]
        }
        arrivals?.append(.holding(gate))
        _ = gate.next()
        return SimulatedReport(request: request, condition: state.withLock { $0.condition }, bytes: bytes)
            .make(startedAt: started, finishedAt: clock.now)
    }

    /// Ends what is over by now.
    func advance() {
        let now = clock.now
        for active in state.withLock({ $0.active }) where active.endsAt <= now {
            active.gate.append(true)
            let arrival = active.arrivals.next()
            state.withLock { state in
                guard let index = state.active.firstIndex(where: { $0.gate === active.gate }) else { return }
                guard case .holding(let gate) = arrival else {
                    state.active.remove(at: index)
                    return
                }
                state.active[index].gate = gate
                state.active[index].endsAt = end(from: now, state.condition)
            }
        }
    }

    /// What hangs goes on, and ends at the next look.
    func release() {
        let now = clock.now
        state.withLock { state in
            for index in state.active.indices { state.active[index].endsAt = now }
        }
    }

    /// The process dies: nobody hears of an end, and nothing more begins.
    func kill() {
        for active in state.withLock({ $0.active }) {
            active.turn.cancellation.cancel(Obstacle(.interrupted, "killed"))
            active.gate.append(true)
            while case .holding(let gate) = active.arrivals.next() { gate.append(true) }
        }
        state.withLock { $0.active = [] }
    }
}
