import Backups
import Glibc
import TestSupport
import Testing

@testable import Verification

/// What lies at a path when `pg_restore` opened it is what was proved, or nothing is said.
@Suite struct DumpSightingTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func reason(_ sighting: DumpSighting) -> Reason? {
        do {
            try sighting.expectUnchanged()
            return nil
        } catch {
            return (error as? Obstacle)?.reason
        }
    }

    @Test func aFileThatIsReplacedIsSeen() throws {
        let path = try directory.write("one", to: "dump")
        let sighting = try DumpSighting(path)
        #expect(reason(sighting) == nil)
        // Of the same size.
        let other = try directory.write("two", to: "other")
        try Tool.run("touch", ["-d", "2 hours ago", other])
        try #require(rename(other, path) == 0)
        #expect(reason(sighting) == .changedWhileReading)
        unlink(path)
        #expect(reason(sighting) == .vanished)
    }

    @Test func aFileThatIsWrittenToIsSeen() throws {
        let path = try directory.write("one", to: "dump")
        let sighting = try DumpSighting(path)
        try Tool.shell("printf x >> \"$1\"", [path])
        #expect(reason(sighting) == .changedWhileReading)
    }

    @Test func eachFileOfADirectoryCounts() throws {
        let path = directory.file("dump.dir")
        try Tool.shell("mkdir \"$1\" && touch \"$1/toc.dat\" \"$1/1.dat\"", [path])
        let sighting = try DumpSighting(path)
        #expect(reason(sighting) == nil)
        try Tool.shell("mv \"$1/1.dat\" \"$1/2.dat\"", [path])
        #expect(reason(sighting) == .changedWhileReading)
        try Tool.shell("mv \"$1/2.dat\" \"$1/1.dat\"", [path])
        #expect(reason(sighting) == nil)
        try Tool.shell("printf x > \"$1/1.dat\"", [path])
        #expect(reason(sighting) == .changedWhileReading)
    }
}
