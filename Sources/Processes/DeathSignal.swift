import Glibc

/// What ends a child whose parent is gone.
package enum DeathSignal: String, Sendable, Codable {
    /// SIGKILL.
    case kill = "KILL"
    /// SIGQUIT: PostgreSQL's immediate stop, which ends the server's own children.
    case quit = "QUIT"
    /// SIGTERM.
    case terminate = "TERM"

    package var number: Int32 {
        switch self {
        case .kill: SIGKILL
        case .quit: SIGQUIT
        case .terminate: SIGTERM
        }
    }
}
