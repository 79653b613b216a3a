/// What psql wrote to standard error, with `VERBOSITY=verbose`, which adds the SQLSTATE.
///
/// PostgreSQL 15 src/fe_utils/../common/logging.c, `pg_log_generic_v`: `psql:<stdin>:LINE: ERROR:  CODE: message`.
struct PsqlMessages {
    private(set) var errors: [ClientError] = []
    /// What psql says of itself: a lost connection, a command that it does not know.
    private(set) var others: [String] = []

    private var message: ServerMessage?
    private var line: UInt64?

    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { read(line) }
        finish()
    }

    private mutating func read(_ text: Substring) {
        guard text.hasPrefix("psql:") else {
            message?.add(text)
            return
        }
        finish()
        var rest = text.dropFirst("psql:".count)
        if rest.hasPrefix("<stdin>:"), let end = rest.ranges(of: ": ").first {
            line = UInt64(rest[..<end.lowerBound].dropFirst("<stdin>:".count))
            rest = rest[end.upperBound...]
        }
        if let found = ServerMessage(rest) {
            message = found
        } else if rest.contains("error: ") {
            others.append(String(rest))
        }
    }

    private mutating func finish() {
        if let message { errors.append(ClientError(error: message.error, line: line)) }
        (message, line) = (nil, nil)
    }
}
