/// Reads an error as libpq formats it: `ERROR:  message`, then lines that begin with `DETAIL:`, `HINT:`, `CONTEXT:`, ….
///
/// PostgreSQL 15 src/interfaces/libpq/fe-protocol3.c, `pqBuildErrorMessage3`.
struct ServerMessage {
    private(set) var message: String
    private var parts: [String: String] = [:]
    private var last: String?
    private let severity: String
    private let sqlstate: String

    private static let labels = ["DETAIL", "HINT", "CONTEXT", "LOCATION", "QUERY", "SCHEMA NAME", "TABLE NAME"]

    /// - Parameter text: `ERROR:  message`, or with verbose messages `ERROR:  42P01: message`.
    init?(_ text: Substring) {
        guard let severity = ["ERROR", "FATAL", "PANIC"].first(where: { text.hasPrefix("\($0):  ") }) else {
            return nil
        }
        self.severity = severity
        let rest = text.dropFirst(severity.count + 3)
        let code = rest.prefix(5)
        let isCode =
            code.utf8.count == 5 && rest.dropFirst(5).hasPrefix(": ")
            && code.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
        sqlstate = isCode ? String(code) : ""
        message = String(isCode ? rest.dropFirst(7) : rest)
    }

    /// A line that follows.
    mutating func add(_ line: Substring) {
        for label in Self.labels where line.hasPrefix("\(label):  ") {
            parts[label] = String(line.dropFirst(label.count + 3))
            last = label
            return
        }
        if line.hasPrefix("LINE ") {
            last = "LINE"
        } else if let last {
            parts[last, default: ""] += "\n" + line
        } else {
            message += "\n" + line
        }
    }

    var error: PostgreSQLError {
        PostgreSQLError(
            severity: severity, sqlstate: sqlstate, message: message, detail: parts["DETAIL"], hint: parts["HINT"],
            context: parts["CONTEXT"])
    }
}
