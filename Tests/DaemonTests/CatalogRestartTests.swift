import Backups
import History
import Settings
import Synchronization
import TestSupport
import Testing

@testable import Daemon

/// A file server, whose clock may be another one, over a restart of the daemon: nothing that was complete is in progress again.
@Suite struct CatalogRestartTests {
    /// What lies there, and what time it is.
    private final class Server: Sendable {
        struct State {
            var now = Timestamp(seconds: 1_795_000_000)
            var files: [String: (size: UInt64, modified: Timestamp)] = [:]
            var isUp = true
        }

        let state = Mutex(State())

        var now: Timestamp { state.withLock { $0.now } }

        func pass(_ seconds: Int64) { state.withLock { $0.now = Timestamp(seconds: $0.now.seconds + seconds) } }

        /// Written now, by a clock that is five minutes behind.
        func write(_ name: String, size: UInt64) {
            state.withLock { $0.files[name] = (size, Timestamp(seconds: $0.now.seconds - 300)) }
        }

        func list() throws -> LocationListing {
            try state.withLock { state in
                guard state.isUp else { throw Obstacle(.unreadable, "the server is down") }
                return LocationListing(
                    entries: state.files.map { name, file in
                        LocationEntry(
                            path: name,
                            identity: BackupIdentity(path: "/b/\(name)", sizeBytes: file.size, modified: file.modified))
                    }, hasOwnTime: false)
            }
        }
    }

    private let server = Server()
    private let folder: BackupFolder
    private let keeper: HistoryKeeper

    init() throws {
        folder = try BackupFolder()
        let configuration = try folder.configuration("{ name: shop, backups: { location: LOCATION } }")
        let store = try SQLiteHistory.open(path: configuration.daemon.history, now: .now()).0
        keeper = HistoryKeeper(store, log: LogLines().logger)
    }

    /// One life of the daemon.
    private func begin(_ entry: String, recalls: Bool = true) throws -> CatalogRound {
        let (server, keeper) = (server, keeper)
        let recall: (String) -> [CatalogBackup] = { recalls ? keeper.presentBackups(of: $0) : [] }
        let reader = CatalogReader(clock: { server.now }, list: { _ in try server.list() })
        var round = CatalogRound(
            clock: { server.now }, reader: reader, recall: recall, log: LogLines().logger)
        round.configure(try folder.configuration(entry).databases)
        return round
    }

    /// A look, which the history hears of.
    private func look(_ round: inout CatalogRound) throws -> CatalogFacts? {
        let facts = try #require(round.look().first).databases.first { $0.database == "shop" }?.facts
        if let facts { keeper.noteBackups("shop", facts.backups, at: server.now) }
        return facts
    }

    private func names(_ facts: CatalogFacts?) -> [String]? { facts?.backups.map(\.identity.name) }

    @Test(arguments: [
        #"{ name: shop, backups: { location: LOCATION } }"#,
        #"{ name: "{database}", backups: { location: LOCATION, match: "{database}-*.sql" } }"#,
    ])
    func whatWasCompleteStaysSo(entry: String) throws {
        var first = try begin(entry)
        for number in 1...2 {
            server.write("shop-\(number).sql", size: 10)
            #expect(try look(&first)?.inProgress == 1)
            server.pass(60)
            let facts = try look(&first)
            #expect(facts?.backups.count == number && facts?.inProgress == 0)
        }
        // Without what the history knows the newest would be in progress, and the one before it decide.
        var forgetful = try begin(entry, recalls: false)
        #expect(names(try #require(forgetful.look().first).databases.first?.facts) == ["shop-1.sql"])

        var second = try begin(entry)
        let facts = try look(&second)
        #expect(names(facts) == ["shop-1.sql", "shop-2.sql"] && facts?.inProgress == 0)

        // What is written to anew is another backup, and so is what came meanwhile.
        server.pass(600)
        server.write("shop-2.sql", size: 11)
        server.write("shop-3.sql", size: 10)
        var third = try begin(entry)
        let changed = try look(&third)
        #expect(names(changed) == ["shop-1.sql"] && changed?.inProgress == 2)
        server.pass(60)
        #expect(try look(&third)?.backups.count == 3)
    }

    /// It is down when the daemon starts.
    @Test func whatWasCompleteStaysSoWhenTheServerComesBack() throws {
        let entry = "{ name: shop, backups: { location: LOCATION } }"
        var first = try begin(entry)
        server.write("shop-1.sql", size: 10)
        _ = try look(&first)
        server.pass(60)
        #expect(names(try look(&first)) == ["shop-1.sql"])
        server.state.withLock { $0.isUp = false }
        var second = try begin(entry)
        let down = try look(&second)
        #expect(down?.isLocationUp == false && names(down) == ["shop-1.sql"])
        server.state.withLock { $0.isUp = true }
        let up = try look(&second)
        #expect(up?.isLocationUp == true && names(up) == ["shop-1.sql"] && up?.inProgress == 0)
    }
}
