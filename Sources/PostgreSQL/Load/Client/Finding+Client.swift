import Backups

extension Finding {
    /// A client program wrote more errors than are kept: what is among them is not known.
    static func uncounted(by program: String) -> Finding {
        Finding(
            statement: "", location: nil, sqlstate: nil,
            message: "\(program) wrote more errors than are looked at here", verdict: .inconclusive,
            reason: .unexplainedError, hint: "look at the first ones: what they say is mostly what the others say")
    }

    /// A client program complained, and of no statement.
    static func unexplained(_ message: String, by program: String) -> Finding {
        Finding(
            statement: "", location: nil, sqlstate: nil, message: "\(program) says: \(message)", verdict: .inconclusive,
            reason: .unexplainedError, hint: "restore with the native loader, which says what it does not do")
    }
}
