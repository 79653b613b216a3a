package import Backups

/// Asks a production server how its archiving and its size are, over one connection that only reads.
///
/// All that is set, read-only and the limits of time, is set for the transaction alone: behind a pooler that hands the
/// session on after each transaction, nobody else must inherit it. Blocking; used by one thread at a time.
package struct ProductionProbe {
    /// Short: a server that can't answer soon has other worries.
    package static let limits = ReadLimits(statement: .seconds(5), lock: .seconds(1), idle: .seconds(10))

    private let connection: Connection

    /// Connects, as `application_name` `restorable` where the connection names none.
    /// - Parameters:
    ///   - cancellation: ends the attempt and every later question.
    ///   - timeout: for the attempt to connect.
    /// - Throws: ``Obstacle``; without secrets.
    package init(
        _ parameters: ConnectionParameters, cancellation: Cancellation? = nil, timeout: Duration = .seconds(10)
    ) throws {
        var parameters = parameters
        parameters.values["fallback_application_name"] = "restorable"
        connection = try Connection(parameters, cancellation: cancellation, timeout: timeout)
    }

    /// As 150018 for 15.18.
    package var serverVersion: Int { connection.serverVersion }

    /// Asks once, in one read-only transaction.
    /// - Returns: what it said; and a sentence for each thing that it would not say, with what would mend that.
    /// - Throws: ``Obstacle``; `connection-failed` where the connection was lost, and a new one may do.
    package func read() throws -> (reading: ProductionReading, gaps: [String]) {
        try connection.telling("archiving and size") {
            try ReadOnlyTransaction.run(on: connection) {
                try Self.limits.apply(to: connection)
                // No function or operator of somebody else's may stand in for the system's.
                try connection.execute("SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)")
                var (reading, access) = try ArchiverQuery.run(on: connection)
                var gaps: [String] = []
                if reading.isArchiving {
                    reading.status = try status(reading.segmentSize, access, &gaps)
                }
                reading.databaseBytes = try attempt("the size of the database", &gaps) {
                    try connection.query("SELECT pg_database_size(current_database())").scalar.flatMap { UInt64($0) }
                }
                return (reading, gaps)
            }
        }
    }

    private func status(
        _ size: WALSegmentSize, _ access: ArchiverQuery.StatusAccess, _ gaps: inout [String]
    ) throws -> ArchiveStatus? {
        switch access {
        case .missing:
            gaps.append(
                "the archiving lag is not known: only PostgreSQL 12 and later let the archiver's status files be listed"
            )
            return nil
        case .denied(let role):
            gaps.append(
                "the archiving lag is not known: this role may not list the archiver's status files; "
                    + "GRANT pg_monitor TO \(SQLIdentifier.quoted(role))")
            return nil
        case .granted:
            return try attempt("the archiver's status files", &gaps) {
                var status = ArchiveStatus(size)
                try connection.stream(ArchiverQuery.statusFiles) { row in
                    guard let name = row.text(0, 0), let microseconds = row.integer(0, 1) else { return }
                    status.see(name, modified: Timestamp(microseconds: microseconds))
                }
                return status
            }
        }
    }

    /// One part of what is asked. Where the server refuses it or is too slow, the others are asked all the same.
    private func attempt<Value>(_ what: String, _ gaps: inout [String], _ body: () throws -> Value?) throws -> Value? {
        try connection.execute("SAVEPOINT part")
        do {
            return try body()
        } catch let error as PostgreSQLError {
            guard !connection.isLost, !error.endsSession else { throw error }
            try connection.execute("ROLLBACK TO SAVEPOINT part")
            gaps.append(error.readingObstacle(what, target: connection.parameters.target).message)
            return nil
        }
    }
}

extension Connection {
    /// What the server says against a question as an obstacle.
    fileprivate func telling<Value>(_ what: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as PostgreSQLError where error.endsSession {
            throw Obstacle(
                .connectionFailed, "the connection to \(parameters.target) was lost: \(error.message)", cause: error)
        } catch let error as PostgreSQLError {
            throw error.readingObstacle(what, target: parameters.target)
        }
    }
}

extension PostgreSQLError {
    /// The session is over, whatever libpq makes of its socket: the server ended it (57P01 to 57P05), or libpq could not
    /// write the statement, which it tells without a SQLSTATE. "Appendix A. PostgreSQL Error Codes".
    fileprivate var endsSession: Bool { sqlstate.isEmpty || sqlstate.hasPrefix("08") || sqlstate.hasPrefix("57P") }
}
