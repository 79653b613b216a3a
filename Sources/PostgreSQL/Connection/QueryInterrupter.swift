import CPQ
import Glibc
import Processes
import Synchronization

/// Ends the running statement of a connection from another thread: a cancel request first, and the end of the socket
/// when the server does not react to it.
///
/// `@unchecked Sendable`: `handle` is the PGcancel object, which libpq allows in any thread; it is freed in `deinit` only.
/// All else is guarded by the mutex.
final class QueryInterrupter: @unchecked Sendable {
    private struct State {
        /// `nil` once the connection is closed: its number may already mean another file.
        var socket: Int32?
        var running: SignalledOnce<Bool>?
    }

    private let handle: OpaquePointer?
    private let state: Mutex<State>

    init(_ connection: OpaquePointer) {
        handle = PQgetCancel(connection)
        state = Mutex(State(socket: PQsocket(connection)))
    }

    deinit { PQfreeCancel(handle) }

    func begin() { state.withLock { $0.running = SignalledOnce() } }

    func end() {
        state.withLock { state in
            state.running?.set(true)
            state.running = nil
        }
    }

    func close() {
        end()
        state.withLock { $0.socket = nil }
    }

    func requestCancel() {
        var message = [CChar](repeating: 0, count: 256)
        // A failed request leaves the statement running, which `interrupt` ends otherwise.
        _ = PQcancel(handle, &message, Int32(message.count))
    }

    /// Returns at once. A cancel request needs a connection of its own, which may take as long as the network likes.
    func interrupt(grace: Duration = .seconds(5)) {
        guard let running = state.withLock({ $0.running }) else { return }
        DetachedThread.start(named: "cancel query") { self.requestCancel() }
        DetachedThread.start(named: "drop query") {
            guard running.wait(for: grace) == nil else { return }
            self.state.withLock { state in
                guard let socket = state.socket, state.running === running else { return }
                shutdown(socket, Int32(SHUT_RDWR))
            }
        }
    }
}
