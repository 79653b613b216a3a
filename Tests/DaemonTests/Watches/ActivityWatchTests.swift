import Backups
import History
import Processes
import TestSupport
import Testing

@testable import Daemon
@testable import Settings

/// Samples of many databases, some of whose servers are in trouble.
@Suite(.serialized) struct ActivityWatchTests {
    private let events = BlockingQueue<DaemonEvent>()
    private let lines = LogLines()
    private let directory: TemporaryDirectory
    private let store: SQLiteHistory

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteHistory.open(path: directory.file("history.sqlite"), now: .now()).0
    }

    /// The databases that one round samples, of these connections by their names.
    private func sampled(_ connections: KeyValuePairs<String, String>) throws -> [String] {
        var configuration = Configuration(
            scratch: ScratchSettings(),
            databases: connections.map {
                DatabaseSettings(name: $0, connection: $1, backups: BackupSettings(location: "/nonexistent"))
            })
        configuration.daemon.samplesInterval = .seconds(3600)
        for (name, _) in connections { _ = try store.monitoredSince(name, now: .now()) }
        let watch = ActivityWatch(
            history: HistoryKeeper(store, log: lines.logger), events: events, patience: .seconds(2), log: lines.logger)
        defer { watch.stop() }
        watch.configure(configuration)
        guard case .sampled(let names)? = events.next(for: .seconds(60)) else {
            throw TestFailure("nothing was sampled: \(lines.all)")
        }
        return names
    }

    private var warnings: [String] { lines.all.filter { $0.hasPrefix("warning: ") } }

    @Test func aServerThatIsSilentIsWaitedForOnce() throws {
        let database = try TestServer.shared().createDatabase()
        let silent = try PretendedServer(.silent)
        func conninfo(_ name: String) -> String { "host=\(silent.directory.path) user=u dbname=\(name)" }
        #expect(
            try sampled(["a": conninfo("a"), "b": conninfo("b"), "c": conninfo("c"), "z": database.conninfo]) == ["z"])
        // The others of that server wait for the next round; nobody else does.
        #expect(silent.calls == 1)
        #expect(warnings.count == 1 && warnings[0].hasPrefix("warning: a: production's counters could not be sampled"))
        let counts = try ["a", "z"].map { try store.holdings(of: $0)?.samples }
        #expect(counts == [0, 1])
    }

    /// A server that refuses one database has answered, and may have the next one.
    @Test func whoRefusesOneDatabaseIsAskedForTheOthers() throws {
        let server = try TestServer.shared()
        let database = try server.createDatabase()
        let missing = database.conninfo.replacing("'\(database.name)'", with: "nobody")
        #expect(missing != database.conninfo)
        #expect(try sampled(["a": missing, "b": database.conninfo]) == ["b"])
        #expect(warnings.count == 1 && warnings[0].contains("nobody"))
    }
}
