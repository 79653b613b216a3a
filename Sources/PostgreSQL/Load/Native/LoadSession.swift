import Backups
import Integrity

/// One connection that loads, and the settings that are in force on it. Used by one thread at a time.
final class LoadSession {
    let connection: Connection
    let journal: LoadJournal
    private let missing: MissingObjects
    private let ignoredExtensions: Set<String>

    init(_ connection: Connection, _ journal: LoadJournal, _ missing: MissingObjects, ignoring extensions: Set<String>)
    {
        self.connection = connection
        self.journal = journal
        self.missing = missing
        ignoredExtensions = extensions
    }

    /// Runs a statement; its error is kept.
    func run(_ text: [UInt8], at location: SourceLocation) throws {
        try recording(text, at: location) { try perform(text) }
        journal.countStatement()
    }

    /// Runs a statement after making what it lacks of the whole server.
    /// - Throws: ``PostgreSQLError`` when it failed all the same.
    @discardableResult
    func perform(_ text: [UInt8]) throws -> [QueryResult] {
        while true {
            do {
                return try connection.execute(text)
            } catch let error as PostgreSQLError {
                guard try missing.remedy(error, of: text), !connection.isInFailedTransaction else { throw error }
            }
        }
    }

    /// Runs `body` and keeps the server's error, if there is one.
    func recording(_ text: [UInt8], at location: SourceLocation?, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as PostgreSQLError {
            try journal.record(error, of: text, at: location)
        } catch let obstacle as Obstacle {
            throw explained(obstacle, of: text, at: location)
        }
    }

    /// A lost session with the statement that ran: a dump may end its own.
    func explained(_ obstacle: Obstacle, of text: [UInt8], at location: SourceLocation?) -> Obstacle {
        guard connection.isLost, obstacle.reason == .serverFailed else { return obstacle }
        return Obstacle(.serverFailed, obstacle.message, hint: Self.lossHint, cause: obstacle.cause)
            .during(StatementText(text), at: location)
    }

    private static let lossHint =
        "if that statement ends sessions or the server, take it out: pg_dump writes no such thing. Else look for the "
        + "out-of-memory killer in the kernel's log, and give scratch less memory"

    /// Whether the statement is about an extension that is to be left out.
    func isIgnored(_ text: [UInt8]) -> Bool {
        guard !ignoredExtensions.isEmpty, let name = StatementText(text.prefix(256)).extensionName,
            ignoredExtensions.contains(name)
        else { return false }
        journal.note(ignoredExtension: name)
        return true
    }

    /// Runs a `COPY … FROM stdin`.
    /// - Parameter feed: writes the rows and returns how many they are.
    /// - Throws: ``PostgreSQLError`` when the server took none of them; what `feed` throws.
    func copy(
        _ text: [UInt8], into table: TableName,
        feed: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> UInt64
    ) throws -> CopyTally {
        let copy = try begin(text)
        let sent: UInt64
        do {
            sent = try feed { try copy.write($0) }
        } catch let error as PostgreSQLError {
            throw error
        } catch {
            copy.abort("the rows could not be read")
            throw error
        }
        return CopyTally(sent: sent, taken: try copy.end())
    }

    private func begin(_ text: [UInt8]) throws -> CopyIn {
        do {
            return try connection.copyIn(text)
        } catch let error as PostgreSQLError {
            guard try missing.remedy(error, of: text) else { throw error }
            return try connection.copyIn(text)
        }
    }

    /// Counts what a COPY brought in; rows that the server did not take are a finding.
    func count(_ tally: CopyTally, into table: TableName, _ text: [UInt8], at location: SourceLocation?) {
        journal.countStatement()
        journal.count(tally.taken, in: table)
        guard tally.sent != tally.taken else { return }
        journal.record(
            Finding(
                statement: StatementText(text).shown, location: location, sqlstate: nil,
                message: "the dump has \(tally.sent) rows for \(table), and the server took \(tally.taken)",
                verdict: .failed, reason: .rowsDiffer))
    }
}

/// Rows of one COPY.
struct CopyTally: Equatable {
    let sent: UInt64
    let taken: UInt64
}
