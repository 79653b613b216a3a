package import Processes

extension ScratchServer: LoadTarget {
    /// The server's own user: a client that reads a hostile dump has no more rights than the server that runs it.
    package var clientUser: ProcessUser? { isolation.user }
}
