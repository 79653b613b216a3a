package import Processes

/// The empty server that a backup is loaded into.
package protocol LoadTarget: Sendable {
    /// Whom programs that load into it run as; `nil` for ourselves.
    var clientUser: ProcessUser? { get }
    /// A client program that may do what a hostile dump says, kept from the machine as the server is.
    func confined(_ program: String, _ arguments: [String]) throws -> Command
    /// How to reach one of its databases as its superuser.
    func parameters(database: String) -> ConnectionParameters
    /// Opens a session as its superuser.
    func connect(database: String) throws -> Connection
}

extension LoadTarget {
    package var clientUser: ProcessUser? { nil }

    package func confined(_ program: String, _ arguments: [String]) throws -> Command {
        Command(program, arguments, user: clientUser, parentDeathSignal: .kill)
    }

    /// Where its socket is: whoever may connect may read there.
    func socketDirectory(_ database: String) -> String { parameters(database: database).values["host"] ?? "/tmp" }

    /// libpq's connection string for a client program, which has no secret in it: the server trusts whom it lets in.
    func conninfo(database: String) -> String {
        parameters(database: database).values.sorted { $0.key < $1.key }.map { key, value in
            let escaped = value.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] }
            return "\(key)='\(String(escaped))'"
        }.joined(separator: " ")
    }
}
