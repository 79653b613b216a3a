import Backups
import GRDB

extension SQLiteHistory {
    /// The history at `path` for who can't write to it: what it holds now, for as long as nobody writes. Each write is
    /// refused.
    ///
    /// Errors: ``Obstacle`` `unreadable` for a file that is missing or damaged, or that another version of this program or
    /// another program wrote.
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
            guard version == HistorySchema.version else {
                throw Obstacle(
                    .unreadable, "the history \(path) is not yet one of this version",
                    hint: "It is brought up to date when it can be written to.")
            }
            return SQLiteHistory(path: path, pool: queue, lock: nil)
        }
    }
}
