import Backups
import Glibc
import Testing

@testable import PostgreSQL

@Suite struct InstallationsTests {
    private func installations(_ majors: Int...) -> Installations {
        Installations(majors.map { Installation(bin: "/nowhere/\($0)", version: "\($0).1", major: $0, isServer: true) })
    }

    @Test(arguments: [(15, 15), (16, 17), (17, 17), (14, 15)])
    func takesTheSameMajorElseTheNextNewer(dump: Int, expected: Int) throws {
        #expect(try installations(15, 17, 18).choose(forServerMajor: dump, toolMajor: dump).server.major == expected)
    }

    @Test func takesTheNewestForADumpThatDoesNotSay() throws {
        #expect(try installations(15, 18).chooseServer(for: nil).major == 18)
    }

    @Test func takesToolsAtLeastAsNewAsTheOnesThatWroteIt() throws {
        let choice = try installations(15, 18).choose(forServerMajor: 15, toolMajor: 18)
        #expect(choice.server.major == 15)
        #expect(choice.tools.major == 18)
        #expect(!choice.isServerNewer)
    }

    @Test func saysWhichPackageIsMissing() {
        var error = #expect(throws: Obstacle.self) { try installations().chooseServer(for: 17) }
        #expect(error?.reason == .serverMissing)
        #expect(error?.hint?.contains("apt-get install postgresql-17") == true)
        error = #expect(throws: Obstacle.self) { try installations(15).chooseServer(for: 18) }
        #expect(error?.reason == .serverTooOld)
        #expect(error?.hint?.contains("apt-get install postgresql-18") == true)
        error = #expect(throws: Obstacle.self) { try installations(15).choose(forServerMajor: 15, toolMajor: 18) }
        #expect(error?.reason == .toolsTooOld)
        #expect(error?.hint?.contains("apt-get install postgresql-client-18") == true)
    }

    @Test func findsTheOneOfThisMachineOnce() throws {
        let found = Installations.find(configured: ["/usr/lib/postgresql/15/bin", "/nonexistent"])
        let own = found.all.filter { $0.major == 15 }
        #expect(own.map(\.bin) == ["/usr/lib/postgresql/15/bin"])
        #expect(own.first?.version.hasPrefix("15.") == true)
        #expect(access(try #require(try own.first?.program("initdb")), X_OK) == 0)
        let error = #expect(throws: Obstacle.self) { try own.first?.program("pg_nothing") }
        #expect(error?.reason == .toolMissing)
    }
}
