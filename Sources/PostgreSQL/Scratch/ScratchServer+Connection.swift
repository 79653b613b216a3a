import Backups
import Glibc
import Processes

extension ScratchServer {
    /// How to reach a database of the server. What libpq would take from the environment is given, above all a password
    /// that is none: the code in a dump may make the server ask for one, and must not get production's `PGPASSWORD`.
    package func parameters(database: String = "postgres") -> ConnectionParameters {
        var values = [
            "host": socketDirectory, "port": "\(PostgreSQLDefaults.socketPort)", "user": superuser,
            "dbname": database, "password": "scratch-has-none", "passfile": "\(directory.path)/no-passfile",
            "sslmode": "disable",
            "gssencmode": "disable",
            "application_name": "restorable", "client_encoding": "UTF8", "options": sessionSettings,
            "target_session_attrs": "any", "channel_binding": "disable",
        ]
        // The code in the dump owns the socket and could put a link to production's in its place.
        values["requirepeer"] = isolation.user?.name ?? ProcessUser.ownName
        return ConnectionParameters(values)
    }

    /// What a database or role may set for its sessions, and must not for ours: libraries above all, and what would hide
    /// damage or end our work. In a copy that was recovered a transaction that was prepared in production may hold a lock for ever,
    /// so there none is waited for long.
    var sessionSettings: String {
        var settings = [
            "statement_timeout=0", "idle_in_transaction_session_timeout=0", "session_preload_libraries=",
            "local_preload_libraries=", "zero_damaged_pages=off", "ignore_checksum_failure=off",
            "default_transaction_read_only=off", "role=none",
        ]
        if let lockTimeout { settings.append("lock_timeout=\(lockTimeout.components.seconds)s") }
        if installation.major >= 14 { settings.append("idle_session_timeout=0") }
        if installation.major >= 17 { settings.append("transaction_timeout=0") }
        return settings.map { "-c \($0)" }.joined(separator: " ")
    }

    /// Opens a session as ``superuser``; the run's cancellation ends what it runs.
    package func connect(database: String = "postgres") throws -> Connection {
        let connection = try explainingDeath {
            try Connection(
                parameters(database: database), lossReason: .serverFailed, cancellation: cancellation,
                explainLoss: { [weak warden] in warden?.reasonOfEnd() })
        }
        try prove(connection)
        // Libpq sends these to every server, and has no keyword to say otherwise.
        if ["PGTZ", "PGDATESTYLE", "PGGEQO"].contains(where: { (name: String) in getenv(name) != nil }) {
            try connection.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET geqo = on")
        }
        return connection
    }

    /// Before anything of a dump is sent: that the server behind the socket is the one that was started here.
    private func prove(_ connection: Connection) throws {
        let place = try explainingDeath { try connection.query("SHOW unix_socket_directories").scalar }
        guard place == socketDirectory else {
            throw Obstacle(
                .serverFailed,
                "the socket of the scratch server leads to another server: code in the dump may have put it there",
                hint: "read the dump before you run it anywhere")
        }
    }

    /// Runs `body`; when the server has died meanwhile, that is what is thrown, and not what `body` saw of it.
    func explainingDeath<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            if let obstacle = cancellation.obstacle { throw obstacle }
            // It may be gone before anybody has told.
            if let obstacle = error as? Obstacle, obstacle.reason == .connectionFailed {
                throw warden.reasonOfEnd() ?? Obstacle(.serverFailed, obstacle.message, hint: obstacle.hint)
            }
            throw error
        }
    }
}
