import Synchronization

/// Ends blocking work early: on SIGTERM, at the deadline, when scratch outgrows its disk.
///
/// Work that loops calls ``check()``; work that waits registers a handler that wakes it (closes a descriptor, cancels
/// a query). The first reason wins.
package final class Cancellation: Sendable {
    private struct State {
        var obstacle: Obstacle?
        var handlers: [UInt64: @Sendable () -> Void] = [:]
        var nextHandler: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Why the work was ended; `nil` while it may go on.
    package var obstacle: Obstacle? { state.withLock { $0.obstacle } }

    package var isCancelled: Bool { obstacle != nil }

    /// Throws the ``Obstacle`` if the work was ended.
    package func check() throws {
        if let obstacle { throw obstacle }
    }

    /// Ends the work. Later calls change nothing.
    package func cancel(_ obstacle: Obstacle) {
        let handlers = state.withLock { state -> [@Sendable () -> Void] in
            guard state.obstacle == nil else { return [] }
            state.obstacle = obstacle
            defer { state.handlers = [:] }
            return Array(state.handlers.values)
        }
        for handler in handlers { handler() }
    }

    /// Runs `handler` once when the work is ended, at once if it already was. It may run on any thread.
    /// - Returns: a token for ``removeHandler(_:)``.
    @discardableResult
    package func onCancel(_ handler: @escaping @Sendable () -> Void) -> UInt64 {
        let (token, runNow) = state.withLock { state -> (UInt64, Bool) in
            state.nextHandler += 1
            if state.obstacle != nil { return (state.nextHandler, true) }
            state.handlers[state.nextHandler] = handler
            return (state.nextHandler, false)
        }
        if runNow { handler() }
        return token
    }

    package func removeHandler(_ token: UInt64) {
        state.withLock { _ = $0.handlers.removeValue(forKey: token) }
    }
}
