import Backups
import Glibc
import PostgreSQL
import Processes
import TestSupport
import Testing

@testable import Daemon

/// The watch over one real server, in good times and in bad.
@Suite(.serialized) struct ProductionVigilTests {
    private let events = BlockingQueue<DaemonEvent>()
    private let lines = LogLines()

    private func watch(
        _ connection: String, disk: String? = nil, patience: ProductionVigil.Patience = .init()
    ) -> ProductionVigil {
        ProductionVigil(
            of: "shop", over: connection, .init(interval: .milliseconds(50), diskPath: disk), events: events,
            patience: patience, log: lines.logger)
    }

    /// The next look that is as it should become.
    @discardableResult
    private func look(_ what: String, where condition: (ProductionFacts) -> Bool) throws -> ProductionFacts {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            guard case .asked(let look)? = events.next(for: .seconds(60)) else { break }
            if condition(look.facts) { return look.facts }
        }
        throw TestFailure("not within a minute: \(what)\n\(lines.all.joined(separator: "\n"))")
    }

    private func warnings() -> [String] { lines.all.filter { $0.hasPrefix("warning: ") } }

    @Test func tellsWhatAServerSays() throws {
        let database = try TestServer.shared().createDatabase()
        let vigil = watch(database.conninfo, disk: "/")
        defer { vigil.stop() }
        let facts = try look("an answer") { $0.isUp }
        #expect(try #require(facts.databaseBytes) > 1_000_000)
        #expect(facts.archiving == nil)
        let disk = try #require(facts.disk)
        #expect(disk.usedBytes > 0 && disk.usedBytes <= disk.capacityBytes)
        // What is the same again is not written again.
        for _ in 0..<3 { try look("another") { $0.isUp } }
        #expect(lines.all == ["info: shop: production answers"])
    }

    @Test func aDiskThatIsNotThereIsAbsentAndToldOnce() throws {
        let vigil = watch(try TestServer.shared().conninfo(), disk: "/nonexistent")
        defer { vigil.stop() }
        for _ in 0..<3 { #expect(try look("an answer") { $0.isUp }.disk == nil) }
        #expect(warnings().count == 1)
        #expect(warnings().first?.contains("disk.path /nonexistent can't be looked at") == true)
    }

    @Test func aServerThatGoesAndComesBack() throws {
        let directory = try TemporaryDirectory()
        let place = directory.file("production")
        let first = try TestServer()
        try Tool.run("ln", ["-s", first.socketDirectory, place])
        let vigil = watch("host=\(place) dbname=postgres user=\(TestServer.superuser)", disk: "/")
        defer { vigil.stop() }
        let before = try look("an answer") { $0.isUp }
        first.stop()
        let down = try look("the end") { !$0.isUp }
        #expect(down.databaseBytes != nil)
        #expect(try #require(down.sampledAt) >= (before.sampledAt ?? Timestamp(seconds: .max)))
        #expect(down.problem?.contains("can't connect to \(place)") == true)
        #expect(down.disk != nil)

        let second = try TestServer()
        try Tool.run("ln", ["-sfn", second.socketDirectory, place])
        let after = try look("the return") { $0.isUp }
        #expect(after.problem == nil)
        #expect(lines.all.first == "info: shop: production answers")
        #expect(lines.all.last == "notice: shop: production answers again")
        #expect(Set(lines.all).count == lines.all.count)
    }

    @Test func aSessionThatIsEndedIsReplacedUnnoticed() throws {
        let database = try TestServer.shared().createDatabase()
        let vigil = watch(database.conninfo)
        defer { vigil.stop() }
        try look("an answer") { $0.isUp }
        let sessions = "FROM pg_stat_activity WHERE datname = '\(database.name)' AND application_name = 'restorable'"
        let former = try database.query("SELECT pid \(sessions)")
        try database.run("SELECT pg_terminate_backend(\(former))")
        var current = former
        while current == former || current.isEmpty {
            #expect(try look("a look") { _ in true }.isUp)
            current = try database.query("SELECT pid \(sessions)")
        }
        #expect(lines.all == ["info: shop: production answers"])
    }

    @Test(arguments: ["host=nowhere.invalid", "host=127.0.0.1 port=1", "host=/nonexistent", "sslmode=nonsense"])
    func whoCanNotBeReachedIsDownAndToldOnce(place: String) throws {
        let vigil = watch("\(place) dbname=shop user=u password=swordfish")
        defer { vigil.stop() }
        for _ in 0..<3 { #expect(try look("an attempt") { _ in true }.isUp == false) }
        #expect(warnings().count == 1)
        #expect(lines.all.count == 1)
        #expect(!lines.all.joined().contains("swordfish"))
    }

    @Test func aWrongPasswordIsToldOnceAndNotRepeated() throws {
        let server = try TestServer.shared()
        try server.makePasswordRole()
        let vigil = watch(server.conninfo(user: TestServer.passwordRole) + " password=swordfish")
        defer { vigil.stop() }
        var problem: String?
        for _ in 0..<3 { problem = try look("an attempt") { !$0.isUp }.problem }
        #expect(problem?.contains("password authentication failed") == true)
        #expect(lines.all.count == 1)
        #expect(!(lines.all.joined() + (problem ?? "")).contains("swordfish"))
    }

    @Test func aServerThatIsFullIsDownUntilItHasRoom() throws {
        let server = try TestServer.shared()
        try server.maintenance.run("DROP ROLE IF EXISTS crowded; CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
        let vigil = watch(server.conninfo(user: "crowded"))
        defer { vigil.stop() }
        #expect(try look("an attempt") { !$0.isUp }.problem?.contains("too many connections") == true)
        try server.maintenance.run("ALTER ROLE crowded CONNECTION LIMIT 5")
        try look("room") { $0.isUp }
        #expect(warnings().count == 1)
        #expect(warnings().first?.contains("max_connections") == true)
        #expect(lines.all.last == "notice: shop: production answers again")
    }

    @Test func aServerThatStartsIsDownMeanwhile() throws {
        let listener = try PretendedServer(.starting)
        let vigil = watch("host=\(listener.directory.path) dbname=shop user=u")
        defer { vigil.stop() }
        #expect(try look("an attempt") { !$0.isUp }.problem?.contains("starting up") == true)
        #expect(warnings().first?.contains("try later") == true)
    }

    @Test func aSessionThatHangsIsGivenUp() throws {
        let server = try TestServer()
        let vigil = watch(server.conninfo(), patience: .init(answering: .milliseconds(500)))
        defer { vigil.stop() }
        try look("an answer") { $0.isUp }
        let text = try server.maintenance.query(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'restorable'")
        let session = try #require(pid_t(text))
        kill(session, SIGSTOP)
        defer { kill(session, SIGCONT) }
        #expect(try look("the hanging") { !$0.isUp }.problem?.contains("no answer within 500 ms") == true)
        // The server is well but for that session: a new one answers.
        try look("a new session") { $0.isUp }
    }

    @Test func aServerThatHangsIsGivenUp() throws {
        let server = try TestServer()
        let text = try TestFile.text("\(server.socketDirectory)/data/postmaster.pid")
        let postmaster = try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
        kill(postmaster, SIGSTOP)
        let vigil = watch(server.conninfo(), patience: .init(connecting: .seconds(1)))
        defer { vigil.stop() }
        #expect(try look("the hanging") { _ in true }.problem?.contains("did not answer within 1 s") == true)
        kill(postmaster, SIGCONT)
        try look("an answer") { $0.isUp }
    }

    @Test func itEndsAtOnceWhileItConnects() throws {
        let server = try TestServer()
        let text = try TestFile.text("\(server.socketDirectory)/data/postmaster.pid")
        let postmaster = try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
        kill(postmaster, SIGSTOP)
        defer { kill(postmaster, SIGCONT) }
        let vigil = watch(server.conninfo(), patience: .init(connecting: .seconds(3600)))
        vigil.stop()
        #expect(vigil.waitForEnd(.seconds(30)))
        #expect(lines.all == [])
    }
}
