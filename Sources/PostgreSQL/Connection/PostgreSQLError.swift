package import Backups

/// An error, or a notice, that a server reported for a statement.
///
/// Fields as in PostgreSQL's protocol, "Error and Notice Message Fields"; each text is cut to ``ServerText/limit``.
package struct PostgreSQLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `ERROR`, `FATAL`, `PANIC`, `WARNING`, `NOTICE`, …: never translated.
    package let severity: String
    /// Five characters, "Appendix A. PostgreSQL Error Codes".
    package let sqlstate: String
    package let message: String
    package let detail: String?
    package let hint: String?
    /// The call stack of the error, as "COPY orders, line 12, column id: …".
    package let context: String?
    /// Where in the statement, in characters from 1.
    package let position: Int?
    /// The objects that the error names, where it does.
    package let schema: String?
    package let table: String?
    package let column: String?
    package let constraint: String?

    package init(
        severity: String, sqlstate: String, message: String, detail: String? = nil, hint: String? = nil,
        context: String? = nil, position: Int? = nil, schema: String? = nil, table: String? = nil,
        column: String? = nil, constraint: String? = nil
    ) {
        self.severity = severity
        self.sqlstate = sqlstate
        self.message = ServerText.bounded(message)
        self.detail = detail.map { ServerText.bounded($0) }
        self.hint = hint.map { ServerText.bounded($0) }
        self.context = context.map { ServerText.bounded($0) }
        self.position = position
        self.schema = schema
        self.table = table
        self.column = column
        self.constraint = constraint
    }

    package var description: String { "\(severity): \(message) (\(sqlstate))" }

    /// The error as something that stood in the way of a check.
    package func obstacle(_ reason: Reason = .queryError, doing what: String) -> Obstacle {
        Obstacle(reason, "\(what): \(message) (SQLSTATE \(sqlstate))", hint: hint, cause: self)
    }
}
