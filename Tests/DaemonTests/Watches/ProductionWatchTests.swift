import Backups
import Processes
import TestSupport
import Testing

@testable import Daemon
@testable import Settings

/// Which connections a configuration keeps, opens and drops.
@Suite(.serialized) struct ProductionWatchTests {
    private let events = BlockingQueue<DaemonEvent>()
    private let lines = LogLines()
    private let kept: TestDatabase
    private let other: TestDatabase

    init() throws {
        kept = try TestServer.shared().createDatabase()
        other = try TestServer.shared().createDatabase()
    }

    private static func configuration(_ connections: [(String, String?)]) -> Configuration {
        var configuration = Configuration(
            scratch: ScratchSettings(),
            databases: connections.map {
                DatabaseSettings(name: $0, connection: $1, backups: BackupSettings(location: "/nonexistent"))
            })
        configuration.daemon.productionInterval = .milliseconds(50)
        return configuration
    }

    /// Databases that are looked at until each of `names` was, `count` times.
    @discardableResult
    private func looks(of names: Set<String>, _ count: Int = 1) throws -> [String] {
        var seen: [String] = []
        while !names.allSatisfy({ name in seen.count { $0 == name } >= count }) {
            guard case .asked(let look)? = events.next(for: .seconds(60)) else {
                throw TestFailure("nobody asks any more: \(lines.all)")
            }
            #expect(look.facts.isUp)
            seen.append(look.database)
        }
        return seen
    }

    private func session(of database: TestDatabase) throws -> String {
        try TestServer.shared().maintenance.query(
            "SELECT pid FROM pg_stat_activity WHERE datname = '\(database.name)' AND application_name = 'restorable'")
    }

    @Test func aNewConfigurationKeepsWhatDidNotChange() throws {
        let watch = ProductionWatch(events: events, log: lines.logger)
        defer { watch.stop() }
        watch.configure(Self.configuration([("a", kept.conninfo), ("b", other.conninfo), ("none", nil)]))
        try looks(of: ["a", "b"])
        let (keptSession, otherSession) = (try session(of: kept), try session(of: other))
        #expect(!keptSession.isEmpty && !otherSession.isEmpty)

        // The same server by another string: whose password or role it names may have changed.
        watch.configure(Self.configuration([("a", kept.conninfo), ("b", other.conninfo + " connect_timeout=7")]))
        try looks(of: ["a", "b"], 3)
        #expect(try session(of: kept) == keptSession)
        try Self.eventually("the former session ends") {
            let now = try session(of: other)
            return now != otherSession && !now.contains("\n") && !now.isEmpty
        }

        watch.configure(Self.configuration([("a", kept.conninfo), ("b", nil)]))
        try Self.eventually("the session ends") { try session(of: other).isEmpty }
        #expect(try session(of: kept) == keptSession)
    }

    /// Each takes a session of its server: of too many the first ones are watched, and the log says so.
    @Test func ofTooManyTheFirstAreWatched() throws {
        #expect(ProductionWatch.most == 200)
        let watch = ProductionWatch(events: events, most: 2, log: lines.logger)
        defer { watch.stop() }
        watch.configure(Self.configuration([("a", kept.conninfo), ("none", nil), ("b", kept.conninfo)]))
        try looks(of: ["a", "b"])
        #expect(lines.all.filter { $0.hasPrefix("warning: ") } == [])

        let three = [("a", kept.conninfo), ("none", nil), ("b", kept.conninfo), ("c", other.conninfo)]
        watch.configure(Self.configuration(three))
        #expect(
            lines.all.filter { $0.hasPrefix("warning: ") } == [
                "warning: production is watched for 2 of 3 databases: each takes a session of its server"
            ])
        #expect(try !looks(of: ["a", "b"], 5).contains("c"))
        #expect(try session(of: other).isEmpty)
        // A place that becomes free is taken.
        watch.configure(Self.configuration([three[0], three[3]]))
        try looks(of: ["a", "c"])
        try Self.eventually("the session of who is watched no more ends") {
            try session(of: kept).split(separator: "\n").count == 1
        }
    }

    @Test func stoppingEndsAllSessions() throws {
        let watch = ProductionWatch(events: events, log: lines.logger)
        watch.configure(Self.configuration([("a", kept.conninfo), ("b", other.conninfo)]))
        try looks(of: ["a", "b"])
        watch.stop()
        try Self.eventually("the sessions end") { try session(of: kept).isEmpty && session(of: other).isEmpty }
        #expect(lines.all.allSatisfy { $0.hasPrefix("info: ") })
    }

    /// A server takes a moment to notice that a session is gone.
    private static func eventually(_ what: String, _ condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline { if try condition() { return } }
        throw TestFailure("not within a minute: \(what)")
    }
}
