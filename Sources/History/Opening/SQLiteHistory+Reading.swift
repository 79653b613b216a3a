import Backups
import GRDB

extension SQLiteHistory {
    /// The largest file of an older version that is read, in bytes: it is brought up to date in memory.
    static let largestCopy = 256 << 20

    /// The history at `path` for who can't write to it: what it holds now, for as long as nobody writes. Each write is
    /// refused. A file that an older version of this program wrote is read as a copy in memory, which is brought up to date.
    ///
    /// Errors: ``Obstacle`` `unreadable` for a file that is missing or damaged, that a newer version of this program or
    /// another program wrote, or an older version, and it is too large for such a copy.
    package static func openForReading(path: String) throws -> SQLiteHistory {
        // Whether it is there and may be read.
        _ = try FileState(path)
        var configuration = Configuration()
        configuration.label = "history.reading"
        configuration.readonly = true
        configuration.busyMode = .timeout(patience)
        return try SQLiteFailure.explained(path) {
            let name = HistoryFile(path: path).isLogEmpty ? HistoryReader(path: path).immutableName : path
            let queue = try DatabaseQueue(path: name, configuration: configuration)
            let version = try queue.read { try HistorySchema.recognise($0, path) }
            guard let version else {
                throw Obstacle(
                    .unreadable, "the history \(path) holds nothing yet",
                    hint: "It is brought up to date when it can be written to.")
            }
            guard version < HistorySchema.version else { return SQLiteHistory(path: path, pool: queue, lock: nil) }
            return SQLiteHistory(path: path, pool: try copy(of: queue, path), lock: nil)
        }
    }

    private static func copy(of file: DatabaseQueue, _ path: String) throws -> DatabaseQueue {
        let bytes = try file.read { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            return try pages * (Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
        }
        guard bytes <= largestCopy else {
            throw Obstacle(
                .unreadable,
                "the history \(path) is of an older version of this program, and at \(Quantity.bytes(UInt64(bytes))) too large "
                    + "to be read before it is brought up to date",
                hint: "It is brought up to date, and read, when it can be written to.")
        }
        let copy = try DatabaseQueue()
        try file.backup(to: copy)
        try file.close()
        try HistorySchema.migrator.migrate(copy)
        return copy
    }
}
