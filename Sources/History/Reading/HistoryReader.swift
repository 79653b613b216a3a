import Backups
import GRDB
import Glibc

/// A history that somebody else writes, or wrote: only read. No lock is taken and nothing in it is changed, so that it works
/// while the daemon runs. Where nobody has it open no file is made beside it either; SQLite makes the index of a log that lost
/// its own.
package struct HistoryReader: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// Whether anything is at the path; where that can't be found out, too.
    package var isThere: Bool { access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR) }

    /// Runs `work` on the history as it is at one moment. `work` may run more than once.
    ///
    /// Errors: ``Obstacle`` `unreadable` for a file that is missing, that may not be read, that is damaged, that another
    /// program or another version of this one wrote.
    package func snapshot<Outcome>(_ work: (HistorySnapshot) throws -> Outcome) throws -> Outcome {
        for _ in 0..<2 {
            let state = try FileState(path)
            guard !state.hasLog else { break }
            let outcome = Result { try read(name: immutableName, work) }
            // What was read of a file that changed meanwhile may be anything, an error too.
            if try FileState(path) == state { return try outcome.get() }
        }
        // Somebody writes it now: SQLite keeps readers and the writer apart by the log.
        return try read(name: path, work)
    }

    private func read<Outcome>(name: String, _ work: (HistorySnapshot) throws -> Outcome) throws -> Outcome {
        var configuration = Configuration()
        configuration.label = "history.reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(SQLiteHistory.patience)
        do {
            let queue = try DatabaseQueue(path: name, configuration: configuration)
            let outcome = try queue.read { database in
                let version = try requireKnownTables(database)
                return try work(HistorySnapshot(database: database, version: version))
            }
            try queue.close()
            return outcome
        } catch let error as DatabaseError {
            throw obstacle(error)
        }
    }

    /// - Returns: their version.
    private func requireKnownTables(_ database: Database) throws -> Int64 {
        guard let version = try HistorySchema.recognise(database, path) else {
            throw Obstacle(
                .unreadable, "the history \(path) holds nothing yet",
                hint: "restorable serve writes it, and restorable verify --config when it is there.")
        }
        guard version >= HistorySchema.oldestReadable else {
            throw Obstacle(
                .unreadable,
                "the history \(path) was written by an older version of this program (its schema is \(version), this "
                    + "version reads \(HistorySchema.oldestReadable) and newer)",
                hint: "restorable serve of this version brings it up to date when it starts.")
        }
        return version
    }

    private func obstacle(_ error: DatabaseError) -> Obstacle {
        let message = error.message ?? "SQLite says \(error.resultCode.rawValue)"
        switch error.resultCode.primaryResultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return Obstacle(
                .unreadable, "the history \(path) is damaged: \(message)",
                hint: "Nothing was changed. restorable serve sets it aside when it next starts, and begins a new one.",
                cause: error)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return Obstacle(.unreadable, "the history \(path) can't be read: \(message)", hint: Self.user, cause: error)
        default:
            return SQLiteFailure.obstacle(error, path)
        }
    }

    /// SQLite's words for a file that nobody writes: it then makes neither log nor index beside it
    /// (https://www.sqlite.org/uri.html, "immutable"). What has a meaning in a URI is escaped.
    var immutableName: String {
        let escaped = path.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "%"): Array("%25".utf8)
            case UInt8(ascii: "?"): Array("%3f".utf8)
            case UInt8(ascii: "#"): Array("%23".utf8)
            default: [byte]
            }
        }
        return "file:" + String(decoding: escaped, as: UTF8.self) + "?immutable=1"
    }

    static let user = "Run this as the user that runs restorable serve, or as root."
}
