package import Backups

/// Reads production's counters. Each reading is one short read-only transaction, which waits for no lock.
package struct ProductionActivity: Sendable {
    /// Counters are read at once or not at all: production has other things to do.
    package static let limits = ReadLimits(statement: .seconds(30), lock: .seconds(2), idle: .seconds(60))

    /// For a reading and its connection: beyond this the server does not keep its own time-outs.
    package static let patience: Duration = .seconds(60)

    private let limits: ReadLimits

    package init(limits: ReadLimits = ProductionActivity.limits) {
        self.limits = limits
    }

    /// - Throws: ``Obstacle``; `bounds-unknown` for a standby, which counts nothing of what is written elsewhere.
    package func read(_ connection: Connection) throws -> ActivityReading {
        try ReadOnlyTransaction.run(on: connection) {
            try limits.apply(to: connection)
            let sample = try sample(connection)
            return ActivityReading(sample: sample, sessions: try sessions(connection))
        }
    }

    /// Production's own clock.
    package func now(_ connection: Connection) throws -> Timestamp {
        try ReadOnlyTransaction.run(on: connection) {
            try limits.apply(to: connection)
            let result = try connection.reading("the counters", ActivityQuery.server)
            return try Self.time(result)
        }
    }

    /// - Throws: ``Obstacle`` `bounds-unknown` where `connection` leads to a standby: what it counts is its own, and what it
    ///   shows lags behind what the primary counted.
    package func requirePrimary(_ connection: Connection) throws {
        try ReadOnlyTransaction.run(on: connection) {
            try limits.apply(to: connection)
            let isStandby = try connection.reading("the role of the server", "SELECT pg_catalog.pg_is_in_recovery()")
            guard isStandby.boolean(0, 0) == false else { throw Self.standby(connection) }
        }
    }

    private static func standby(_ connection: Connection) -> Obstacle {
        Obstacle(
            .boundsUnknown, "\(connection.parameters.target) is a standby: it counts nothing of what is written",
            hint: "Let connection name the primary (target_session_attrs=read-write).")
    }

    private func sample(_ connection: Connection) throws -> ProductionSample {
        let server = try connection.reading("the counters", ActivityQuery.server)
        let takenAt = try Self.time(server)
        guard server.boolean(0, 1) == false else { throw Self.standby(connection) }
        let epoch = (2...6).map { server.text(0, $0) ?? "never" }.joined(separator: "/")
        let countsAll = connection.serverMajor >= 15 && server.boolean(0, 9) == true
        let circumstances = (7...8).map { server.text(0, $0) ?? "unknown" }.joined(separator: "/")
        return ProductionSample(
            takenAt: takenAt, epoch: epoch, circumstances: countsAll ? circumstances : nil,
            tables: try tables(connection))
    }

    private func tables(_ connection: Connection) throws -> [TableCounters] {
        let result = try connection.reading("the counters", ActivityQuery.tables)
        return try result.rows.map { row in
            func number(_ column: Int) throws -> UInt64 {
                guard let value = result.text(row, column).flatMap({ UInt64($0) }) else {
                    throw Obstacle(.internalError, "a counter of a table is no number")
                }
                return value
            }
            return TableCounters(
                schema: result.text(row, 0) ?? "", name: result.text(row, 1) ?? "",
                oid: UInt32(truncatingIfNeeded: try number(2)), relfilenode: UInt32(truncatingIfNeeded: try number(3)),
                inserted: try number(5), updated: try number(6), deleted: try number(7), liveRows: try number(8),
                definition: UInt32(truncatingIfNeeded: try number(4)))
        }
    }

    private func sessions(_ connection: Connection) throws -> SessionActivity {
        let result = try connection.reading("the sessions", ActivityQuery.sessions)
        return SessionActivity(
            isVisible: result.boolean(0, 0) ?? false,
            oldestWork: result.integer(0, 1).map { Timestamp(microseconds: $0) }, foreignWorker: result.text(0, 2))
    }

    private static func time(_ result: QueryResult) throws -> Timestamp {
        guard let microseconds = result.integer(0, 0) else {
            throw Obstacle(.internalError, "production's clock is no number")
        }
        return Timestamp(microseconds: microseconds)
    }
}
