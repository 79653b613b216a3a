import Backups

/// A read-only transaction round some reads: `REPEATABLE READ`, so that all of them see one snapshot.
enum ReadOnlyTransaction {
    static let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    /// Runs `body` in a transaction of its own, or in the one that is already open.
    static func run<Value>(on connection: Connection, _ body: () throws -> Value) throws -> Value {
        guard !connection.isInTransaction else { return try body() }
        try connection.execute(begin)
        do {
            let value = try body()
            try connection.execute("COMMIT")
            return value
        } catch {
            // The first error is the one to tell; a connection that is lost rolls back by itself.
            if !connection.isLost { _ = try? connection.execute("ROLLBACK") }
            throw error
        }
    }
}
