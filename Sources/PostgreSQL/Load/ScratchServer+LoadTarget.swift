package import Processes

extension ScratchServer: LoadTarget {
    /// The server's own user: a client that reads a hostile dump has no more rights than the server that runs it.
    package var clientUser: ProcessUser? { isolation.user }

    package func confined(_ program: String, _ arguments: [String]) throws -> Command {
        try isolation.wrap(program, arguments, writable: [socketDirectory])
    }
}
