package import Backups
import GRDB

extension SQLiteHistory {
    /// How long a statement waits for another program that reads the file, `sqlite3` say.
    static let patience: Double = 5

    /// Opens the history at `path`, or begins one there. The file can be read by its owner alone.
    ///
    /// A damaged file is set aside as `<path>.corrupt-<time>` with its log, and a new history begun: the second result
    /// says so in a sentence for people.
    ///
    /// Errors: ``Obstacle`` `unreadable` for a directory that is not there or can't be written to, for a history that
    /// another process has open, that a newer version wrote, or that is a sound database of another program (none of
    /// them is touched); `disk-full`.
    /// - Parameters:
    ///   - now: for the name of a file that is set aside.
    ///   - settingAside: `false` for who is only a guest here: a damaged file is then left as it is, and `unreadable` thrown.
    package static func open(
        path: String, now: Timestamp, settingAside: Bool = true
    ) throws -> (SQLiteHistory, notice: String?) {
        let lock = try HistoryLock(beside: path)
        let file = HistoryFile(path: path)
        return try SQLiteFailure.explained(path) {
            try file.ensure()
            var notice: String?
            if case .damaged(let why) = try file.inspect() {
                guard settingAside else {
                    throw Obstacle(
                        .unreadable, "the history \(path) is damaged: \(why)",
                        hint: "Nothing was changed. restorable serve sets it aside when it next starts.")
                }
                let aside = try file.setAside(at: now)
                try file.ensure()
                notice =
                    "the history \(path) was damaged (\(why)): it was set aside as \(aside) and a new one begun, "
                    + "which knows of no earlier verification"
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            try HistorySchema.migrator.migrate(pool)
            return (SQLiteHistory(path: path, pool: pool, lock: lock), notice)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "history"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(patience)
        // Each connection has a page cache of its own (2 MB): one writer, and two for those who read meanwhile.
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            // The log shrinks again after a large removal; 8 MiB.
            try database.execute(sql: "PRAGMA journal_size_limit = 8388608")
        }
        return configuration
    }
}
