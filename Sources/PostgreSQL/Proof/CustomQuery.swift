package import Backups

/// A question of the user's own, which must be answered with one `true` in the restored database.
package struct CustomQuery: Sendable, Equatable {
    package var name: String
    package var sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    package var checkName: String { "query:\(name)" }

    /// Asks in a read-only transaction that ends after `timeout`.
    ///
    /// `false` fails the backup. NULL is neither yes nor no, an error is a query that can't be asked, another shape of
    /// answer is a query that asks nothing: all three are inconclusive.
    package func check(_ connection: Connection, timeout: Duration = .seconds(600)) throws -> Check {
        let result: QueryResult
        do {
            result = try ask(connection, timeout)
        } catch let error as PostgreSQLError {
            let isLate = error.sqlstate == "57014"
            return .inconclusive(
                checkName, in: .queries,
                isLate ? .deadlineExceeded : error.sqlstate == "55P03" ? .lockTimeout : .queryError,
                isLate
                    ? "the query took longer than \(Quantity.duration(seconds: timeout.totalSeconds))"
                    : "the query failed: \(error.message) (SQLSTATE \(error.sqlstate))",
                hint: error.hint ?? "Try the query with psql against a restored copy: --keep-scratch leaves one.")
        }
        return judge(result)
    }

    private func ask(_ connection: Connection, _ timeout: Duration) throws -> QueryResult {
        try ReadOnlyTransaction.run(on: connection) {
            let milliseconds = timeout.components.seconds * 1000
            try connection.execute("SET LOCAL statement_timeout = \(milliseconds)")
            return try connection.query(sql)
        }
    }

    private func judge(_ result: QueryResult) -> Check {
        guard result.rowCount == 1, result.columnCount == 1 else {
            return .inconclusive(
                checkName, in: .queries, .queryError,
                "the query returned \(result.rowCount) rows of \(result.columnCount) columns, not one true or false",
                hint: "Write it so that it returns one row with one boolean: SELECT count(*) = 0 FROM …")
        }
        switch result.text(0, 0) {
        case "t": return .verified(checkName, in: .queries, "\(name) is true")
        case "f": return .failed(checkName, in: .queries, .queryFalse, "\(name) is false", details: [sql])
        case nil:
            return .inconclusive(
                checkName, in: .queries, .queryError, "\(name) is NULL, neither true nor false",
                hint: "An aggregate over no rows is NULL: say what it means with coalesce(…, false).")
        case let other?:
            return .inconclusive(
                checkName, in: .queries, .queryError, "\(name) returned \(other.prefix(40)), not true or false",
                hint: "The query must return a boolean.")
        }
    }
}
