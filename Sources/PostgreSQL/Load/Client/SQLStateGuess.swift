/// The SQLSTATE of a message whose code a program does not pass on. Only for what could not be run again to hear it from
/// the server itself; what is not here stays unexplained.
///
/// Texts: PostgreSQL 15 src/backend, `ereport` calls with these codes.
enum SQLStateGuess {
    private static let table: [(text: String, sqlstate: String)] = [
        ("unrecognized configuration parameter", "42704"),
        ("duplicate key value violates unique constraint", "23505"),
        ("violates foreign key constraint", "23503"),
        ("violates check constraint", "23514"),
        ("violates not-null constraint", "23502"),
        ("no partition of relation", "23514"),
        ("invalid input syntax for type", "22P02"),
        ("malformed", "22P02"),
        ("value too long for type", "22001"),
        ("out of range", "22003"),
        ("invalid byte sequence for encoding", "22021"),
        ("missing data for column", "22P04"),
        ("extra data after last expected column", "22P04"),
        ("syntax error at or near", "42601"),
        ("could not extend file", "53100"),
        ("No space left on device", "53100"),
        ("out of memory", "53200"),
        ("deadlock detected", "40P01"),
        ("canceling statement due to", "57014"),
        ("terminating connection", "57P01"),
        ("permission denied", "42501"),
        ("security label provider", "22023"),
    ]

    static func complete(_ error: PostgreSQLError) -> PostgreSQLError {
        guard error.sqlstate.isEmpty else { return error }
        return PostgreSQLError(
            severity: error.severity, sqlstate: of(error.message), message: error.message, detail: error.detail,
            hint: error.hint, context: error.context, position: error.position, schema: error.schema,
            table: error.table, column: error.column, constraint: error.constraint)
    }

    static func of(_ message: String) -> String {
        if let known = table.first(where: { message.contains($0.text) }) { return known.sqlstate }
        guard message.hasSuffix("does not exist") else { return "" }
        if message.hasPrefix("relation ") { return "42P01" }
        if message.hasPrefix("schema ") { return "3F000" }
        if message.hasPrefix("function ") || message.hasPrefix("operator ") { return "42883" }
        return message.hasPrefix("column ") ? "42703" : "42704"
    }
}
