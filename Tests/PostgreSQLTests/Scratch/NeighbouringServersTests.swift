import Backups
import Glibc
import Logging
import Processes
import TestSupport
import Testing

@testable import PostgreSQL

/// Production beside scratch, on one machine and as one user.
@Suite struct NeighbouringServersTests {
    private let production: TestServer
    private let data: String
    private let user: uid_t

    init() throws {
        production = try TestServer()
        data = try production.maintenance.query("SHOW data_directory")
        user = try #require(DirectoryTree.status(data)).st_uid
    }

    @Test func aServerOfThatUserIsFoundAndOneInScratchIsNot() throws {
        #expect(NeighbouringServers.dataDirectories(of: user, outside: "/var/empty").contains(data))
        let parent = String(data.prefix(upTo: data.lastIndex(of: "/") ?? data.endIndex))
        #expect(!NeighbouringServers.dataDirectories(of: user, outside: parent).contains(data))
        #expect(!NeighbouringServers.dataDirectories(of: user + 1_000_000, outside: "/var/empty").contains(data))
    }

    @Test(.enabled(if: geteuid() == 0)) func nothingIsRecoveredBesideAServerThatItCouldReachInto() throws {
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.user = String(cString: try #require(getpwuid(user)).pointee.pw_name)
        let installation = try Installations.find().chooseServer(for: 15)
        let inCell = try PreparedScratch.claim(
            configuration, cancellation: Cancellation(), log: Logger(label: "neighbours"))
        try inCell.keepFromNeighbours(installation)
        inCell.stop()
        configuration.usesNamespaces = false
        let open = try PreparedScratch.claim(
            configuration, cancellation: Cancellation(), log: Logger(label: "neighbours"))
        defer { open.stop() }
        let refusal = #expect(throws: Obstacle.self) { try open.keepFromNeighbours(installation) }
        #expect(refusal?.reason == .permissionDenied)
    }
}
