import Backups

/// Tells from libpq's verbose message why a connection could not be opened.
struct ConnectionFailure {
    /// As libpq wrote it with `PQERRORS_VERBOSE`, secrets removed: `FATAL:  28P01: password authentication failed …`.
    let message: String
    let target: String
    let needsPassword: Bool
    /// Where libpq looked for the password.
    var passwordFile: PasswordFile?

    var obstacle: Obstacle {
        let sqlstate = Self.sqlstate(in: message)
        let text = "can't connect to \(target): \(sentence)"
        if Self.serviceTroubles.contains(where: message.contains) {
            return Obstacle(
                .connectionFailed, text,
                hint: "check service= or PGSERVICE, and define the service in ~/.pg_service.conf, or in the file that "
                    + "PGSERVICEFILE names")
        }
        if needsPassword, let flaw = passwordFile?.flaw {
            return Obstacle(.authenticationFailed, "\(text); \(flaw.sentence)", hint: flaw.hint)
        }
        if needsPassword || sqlstate?.hasPrefix("28") == true {
            return Obstacle(
                .authenticationFailed, text,
                hint: "give the password in a passfile (~/.pgpass, or passfile=… in the connection string), and check "
                    + "the role and pg_hba.conf")
        }
        // Our own sessions set what superusers alone may set: the role is none any more.
        if sqlstate == "42501", message.contains("permission denied to set parameter") {
            return Obstacle(.permissionDenied, text, hint: "the session sets what only a superuser may set")
        }
        return Obstacle(.connectionFailed, text, hint: hint(for: sqlstate))
    }

    /// PostgreSQL 15 src/interfaces/libpq/fe-connect.c, `parseServiceInfo` and `parseServiceFile`.
    private static let serviceTroubles = [
        "definition of service \"", "service file \"", "in service file ", "nested service specifications",
    ]

    private func hint(for sqlstate: String?) -> String {
        switch sqlstate {
        case "3D000": "check the name of the database"
        case "53300": "the server has no connection free: raise max_connections, or try later"
        case "57P03": "the server is starting up or shutting down: try later"
        case "42501": "the role may not connect to this database: GRANT CONNECT"
        default: "check that the server runs and that host, port and firewall are right"
        }
    }

    /// The message in one line, without severity, SQLSTATE and the place in the server's source.
    private var sentence: String {
        let lines = message.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("LOCATION:") }
        var text = lines.map(\.trimmed).joined(separator: "; ")
        if let sqlstate = Self.sqlstate(in: message) {
            text = text.split(separator: "\(sqlstate): ", maxSplits: 1, omittingEmptySubsequences: false)
                .joined()
        }
        return text
    }

    /// The first `: XXXXX: ` of five digits or capital letters, among them a digit.
    static func sqlstate(in message: String) -> String? {
        for part in message.split(separator: ": ").map(\.trimmed) where part.utf8.count == 5 {
            let isCode = part.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
            if isCode, part.utf8.contains(where: { (48...57).contains($0) }) { return part }
        }
        return nil
    }
}
