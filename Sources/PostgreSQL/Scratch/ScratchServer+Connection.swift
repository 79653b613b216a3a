import Backups

extension ScratchServer {
    /// How to reach a database of the server. Every keyword that libpq would take from the environment is given.
    package func parameters(database: String = "postgres") -> ConnectionParameters {
        ConnectionParameters([
            "host": socketDirectory, "port": "\(PostgreSQLDefaults.socketPort)", "user": superuser,
            "dbname": database, "passfile": "\(directory.path)/no-passfile", "sslmode": "disable",
            "gssencmode": "disable",
            "application_name": "restorable", "client_encoding": "UTF8", "options": "-c statement_timeout=0",
            "target_session_attrs": "any", "channel_binding": "disable",
        ])
    }

    /// Opens a session as ``superuser``; the run's cancellation ends what it runs.
    package func connect(database: String = "postgres") throws -> Connection {
        try explainingDeath {
            try Connection(
                parameters(database: database), lossReason: .serverFailed, cancellation: cancellation)
        }
    }

    /// Runs `body`; when the server has died meanwhile, that is what is thrown, and not what `body` saw of it.
    func explainingDeath<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            if let obstacle = cancellation.obstacle { throw obstacle }
            throw error
        }
    }
}
