import NIOCore
import Synchronization

/// The open connections, and who makes room for a new one when there are too many.
///
/// A client that dawdles over its request loses its place; one that waits for an answer keeps it.
final class ConnectionCensus: Sendable {
    private struct State {
        var nextNumber: UInt64 = 0
        var open: [UInt64: any Channel] = [:]
        /// Those that wait for their client, in the order in which they began to.
        var waiting: [UInt64: UInt64] = [:]
        var nextTurn: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    var count: Int { state.withLock { $0.open.count } }

    /// Enters a connection, and closes the one that waited longest where there are too many; where all of them wait for
    /// an answer, the new one has to go.
    /// - Returns: its number.
    func enter(_ channel: any Channel) -> UInt64 {
        let (number, excess) = state.withLock { state -> (UInt64, (any Channel)?) in
            let number = state.nextNumber
            state.nextNumber += 1
            state.open[number] = channel
            guard state.open.count > limit else { return (number, nil) }
            let leaving = state.waiting.min { $0.value < $1.value }?.key ?? number
            state.waiting[leaving] = nil
            return (number, state.open.removeValue(forKey: leaving))
        }
        excess?.close(promise: nil)
        return number
    }

    /// Notes that it waits for its client, from now on or still.
    func waits(_ number: UInt64) {
        state.withLock { state in
            guard state.open[number] != nil, state.waiting[number] == nil else { return }
            state.waiting[number] = state.nextTurn
            state.nextTurn += 1
        }
    }

    /// Notes that its client waits for an answer.
    func works(_ number: UInt64) {
        state.withLock { _ = $0.waiting.removeValue(forKey: number) }
    }

    func leave(_ number: UInt64) {
        state.withLock { state in
            state.open[number] = nil
            state.waiting[number] = nil
        }
    }
}
