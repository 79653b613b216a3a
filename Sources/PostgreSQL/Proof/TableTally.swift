import Backups

/// Rows of one table, and perhaps its checksum, from one pass over it.
struct TableTally: Sendable {
    var rows: UInt64
    var checksum: String?

    /// - Parameter checksum: the encoding of the text under it; `nil` for the rows alone.
    static func read(_ table: TableName, _ connection: Connection, checksum encoding: String?) throws -> TableTally {
        if let encoding, let tally = try checksummed(table, connection, encoding) { return tally }
        let result = try connection.reading("\(table)", "SELECT count(*) FROM ONLY \(table.quoted)")
        guard let rows = result.integer(0, 0) else {
            throw Obstacle(.internalError, "count(*) of \(table) is no number")
        }
        return TableTally(rows: UInt64(clamping: rows))
    }

    /// - Returns: `nil` when a row is too wide to be one text (1 GiB): the table then has no checksum.
    private static func checksummed(
        _ table: TableName, _ connection: Connection, _ encoding: String
    ) throws -> TableTally? {
        let sql = try TableChecksum.statement(for: table, connection, encoding: encoding)
        try connection.execute("SAVEPOINT checksum")
        do {
            let result = try connection.query(sql)
            try connection.execute("RELEASE SAVEPOINT checksum")
            guard let rows = result.integer(0, 0), let text = result.text(0, 1) else {
                throw Obstacle(.internalError, "the checksum of \(table) is no text")
            }
            return TableTally(rows: UInt64(clamping: rows), checksum: text)
        } catch let error as PostgreSQLError {
            // 54000: program limit exceeded; XX000 with "invalid memory alloc request size": the same, untidily.
            let isTooWide = error.sqlstate == "54000" || error.message.hasPrefix("invalid memory alloc request size")
            guard isTooWide else { throw error.readingObstacle("\(table)", target: connection.parameters.target) }
            try connection.execute("ROLLBACK TO SAVEPOINT checksum")
            return nil
        }
    }
}
