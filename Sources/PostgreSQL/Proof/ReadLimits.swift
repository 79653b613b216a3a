/// How long a read may hold up a server that others need.
package struct ReadLimits: Sendable, Equatable {
    /// `statement_timeout`.
    package var statement: Duration
    /// `lock_timeout`.
    package var lock: Duration
    /// `idle_in_transaction_session_timeout`: ends our session when we are gone without a word.
    package var idle: Duration

    package init(
        statement: Duration = .seconds(3600), lock: Duration = .seconds(10), idle: Duration = .seconds(300)
    ) {
        self.statement = statement
        self.lock = lock
        self.idle = idle
    }

    /// For production.
    package static let production = ReadLimits()

    /// For the open transaction only.
    func apply(to connection: Connection) throws {
        let values = [
            ("statement_timeout", statement), ("lock_timeout", lock), ("idle_in_transaction_session_timeout", idle),
        ]
        let calls = values.map { name, limit in
            "pg_catalog.set_config('\(name)', '\(limit.components.seconds * 1000)ms', true)"
        }
        try connection.execute("SELECT \(calls.joined(separator: ", "))")
    }
}
