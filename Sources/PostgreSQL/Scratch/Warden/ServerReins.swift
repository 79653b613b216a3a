import Glibc
import Processes
import Synchronization

/// The server that a warden runs now, for the thread that hears what the starter wants.
final class ServerReins: Sendable {
    private struct State {
        var server: ChildProcess?
        var hasNamespaces: Bool
        var isShuttingDown = false
    }

    private let state: Mutex<State>

    init(hasNamespaces: Bool) {
        state = Mutex(State(hasNamespaces: hasNamespaces))
    }

    /// Whether the ids in the server's files mean nothing outside.
    var hasNamespaces: Bool { state.withLock { $0.hasNamespaces } }

    /// Whether the end of the server was asked for.
    var isShuttingDown: Bool { state.withLock { $0.isShuttingDown } }

    func take(_ server: ChildProcess, hasNamespaces: Bool) {
        state.withLock { $0 = State(server: server, hasNamespaces: hasNamespaces) }
    }

    /// SIGINT: a fast shutdown (PostgreSQL 18 documentation, "18.5. Shutting Down the Server").
    func shutDown() {
        let server = state.withLock { state in
            state.isShuttingDown = true
            return state.server
        }
        guard let server else { return }
        // `unshare` waits for the postmaster, its only child, and hands no signal on.
        let children = ProcFile.text("/proc/\(server.identifier)/task/\(server.identifier)/children") ?? ""
        guard hasNamespaces, let child = children.split(separator: " ").first.flatMap({ Int32($0) }),
            let postmaster = ProcessIdentity(of: child)
        else { return server.signal(SIGINT) }
        postmaster.signal(SIGINT)
    }
}
