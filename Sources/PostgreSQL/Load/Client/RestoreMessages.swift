/// What pg_restore wrote to standard error.
///
/// PostgreSQL 15 src/bin/pg_dump/pg_backup_db.c, `ExecuteSqlCommand` and `EndDBCopyMode`; pg_backup_archiver.c,
/// `warn_or_exit_horribly`.
struct RestoreMessages {
    /// Errors of statements, after which pg_restore went on.
    private(set) var errors: [ClientError] = []
    /// What ended it: anything else that it calls an error.
    private(set) var fatal: String?
    /// `errors ignored on restore: N`. With several jobs it counts a worker's errors again for each later task of that
    /// worker, so that it may be more, or less, than there were.
    private(set) var ignored: Int?
    /// There were more than were kept.
    var isCut = false

    private var message: ServerMessage?
    private var command: String?
    private var copyTable: String?

    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { read(line) }
        finish()
    }

    private mutating func read(_ line: Substring) {
        guard line.hasPrefix("pg_restore: ") else { return continuation(line) }
        finish()
        let rest = line.dropFirst("pg_restore: ".count)
        if rest.hasPrefix("warning: errors ignored on restore: ") {
            ignored = rest.split(separator: " ").last.flatMap { Int($0) }
        } else if rest.hasPrefix("error: could not execute query: ") {
            message = ServerMessage(rest.dropFirst("error: could not execute query: ".count))
        } else if rest.hasPrefix("error: COPY failed for table \""), let end = rest.ranges(of: "\": ").first {
            copyTable = String(rest[..<end.lowerBound].dropFirst("error: COPY failed for table \"".count))
            message = ServerMessage(rest[end.upperBound...])
        } else if rest.hasPrefix("error: "), fatal == nil {
            fatal = String(rest.dropFirst("error: ".count))
        }
    }

    private mutating func continuation(_ line: Substring) {
        if let open = command {
            command = open + "\n" + line
        } else if line.hasPrefix("Command was: ") {
            command = String(line.dropFirst("Command was: ".count))
        } else {
            message?.add(line)
        }
    }

    private mutating func finish() {
        if let message { errors.append(ClientError(error: message.error, command: command, copyTable: copyTable)) }
        (message, command, copyTable) = (nil, nil, nil)
    }
}
