import Backups
import Synchronization

/// A history that could not be opened when the daemon started, for its disk was full. What it holds is read meanwhile; each
/// write tries to open it, and is refused until there is room.
final class LateHistory: Sendable {
    private struct State {
        var opened: (any HistoryStore)?
        /// Only read.
        var reading: (any HistoryStore)?
        var why: Obstacle
        /// To open it reads all of the file: not at every write.
        var nextAttempt: ContinuousClock.Instant
    }

    private let open: @Sendable () throws -> any HistoryStore
    private let pause: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - reading: what can be read of it; `nil` where there is nothing.
    ///   - why: it can't be opened.
    ///   - pause: between two attempts.
    ///   - open: makes it ready for everything.
    init(
        reading: (any HistoryStore)?, why: Obstacle, pause: Duration = .seconds(10),
        open: @escaping @Sendable () throws -> any HistoryStore
    ) {
        self.open = open
        self.pause = pause
        state = Mutex(State(reading: reading, why: why, nextAttempt: .now + pause))
    }

    /// - Throws: why it can't be opened, where nothing of it can be read either.
    func read<Value>(_ body: (any HistoryStore) throws -> Value) throws -> Value {
        let store = try state.withLock { state in
            guard let store = state.opened ?? state.reading else { throw state.why }
            return store
        }
        return try body(store)
    }

    /// - Throws: why it can't be opened.
    func write<Value>(_ body: (any HistoryStore) throws -> Value) throws -> Value { try body(opened()) }

    private func opened() throws -> any HistoryStore {
        let known = try state.withLock { state -> (any HistoryStore)? in
            if let opened = state.opened { return opened }
            guard state.nextAttempt <= .now else { throw state.why }
            // Whoever comes while it is tried is refused.
            state.nextAttempt = .now + .seconds(3600)
            return nil
        }
        if let known { return known }
        do {
            let store = try open()
            state.withLock { ($0.opened, $0.reading) = (store, nil) }
            return store
        } catch {
            let why = error as? Obstacle ?? Obstacle(.internalError, "\(error)")
            state.withLock { ($0.why, $0.nextAttempt) = (why, .now + pause) }
            throw why
        }
    }
}
