import Backups
import Integrity

/// `INSERT`s of a dump, sent many at a time; when one of them fails, each alone, so that the bad one is found and the
/// others are loaded, as psql would.
struct InsertBatch {
    private struct Insert {
        let text: [UInt8]
        let location: SourceLocation
        let table: TableName?
    }

    private let session: LoadSession
    private var inserts: [Insert] = []
    private var bytes = 0

    private static let mostStatements = 500
    private static let mostBytes = 256 << 10

    init(_ session: LoadSession) { self.session = session }

    mutating func add(_ text: [UInt8], into table: TableName?, at location: SourceLocation) throws {
        inserts.append(Insert(text: text, location: location, table: table))
        bytes += text.count
        if inserts.count >= Self.mostStatements || bytes >= Self.mostBytes { try flush() }
    }

    /// Sends what is held back. Before anything else is sent.
    mutating func flush() throws {
        defer {
            inserts.removeAll(keepingCapacity: true)
            bytes = 0
        }
        guard !inserts.isEmpty else { return }
        // Statements in one message are one transaction, which a transaction of the dump's own would not let roll back.
        if inserts.count > 1, !session.connection.isInTransaction, try sendTogether() { return }
        for insert in inserts { try send(insert) }
    }

    private func sendTogether() throws -> Bool {
        var message: [UInt8] = []
        message.reserveCapacity(bytes + inserts.count * 2)
        for insert in inserts {
            message += insert.text
            message += [UInt8(ascii: ";"), UInt8(ascii: "\n")]
        }
        do {
            let results = try session.connection.execute(message)
            for (insert, result) in zip(inserts, results) { count(insert, result) }
            return true
        } catch is PostgreSQLError {
            // Nothing of it was kept: each runs again alone, and says itself what is wrong with it.
            return false
        }
    }

    private func send(_ insert: Insert) throws {
        try session.recording(insert.text, at: insert.location) {
            if let result = try session.perform(insert.text).last { count(insert, result) }
        }
    }

    private func count(_ insert: Insert, _ result: QueryResult) {
        session.journal.countStatement()
        if let table = insert.table, let rows = result.affectedRows { session.journal.count(rows, in: table) }
    }
}
