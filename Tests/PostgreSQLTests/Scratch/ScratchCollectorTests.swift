import Backups
import Glibc
import Processes
import Testing

@testable import PostgreSQL

@Suite struct ScratchCollectorTests {
    @Test func leavesAloneWhatIsInUseOrNotOurs() throws {
        let root = try TemporaryRoot()
        let server = try SharedScratch.start(root.configuration)
        // Our name, but not our marker; our marker, but behind a link; another name.
        let foreign = root.path + "/scratch-0123456789ab"
        mkdir(foreign, 0o755)
        mkdir(foreign + "/precious", 0o755)
        let target = root.path + "/target"
        mkdir(target, 0o755)
        link(server.directory.marker, target + "/owner.json")
        symlink(target, root.path + "/scratch-aaaaaaaaaaaa")
        mkdir(root.path + "/scratch-backups", 0o755)
        let report = try ScratchCollector(directory: root.path).collect(kept: true)
        #expect(report == ScratchCollector.Report(removed: [], inUse: [server.directory.path], kept: [], failures: []))
        #expect(DirectoryTree.status(foreign + "/precious") != nil)
        #expect(DirectoryTree.status(target + "/owner.json") != nil)
        #expect(DirectoryTree.status(root.path + "/scratch-backups") != nil)
        #expect(try server.connect().query("SELECT 1").scalar == "1")
        server.stop()
    }

    @Test func removesWhatAKilledWardenLeft() throws {
        let root = try TemporaryRoot()
        let cancellation = Cancellation()
        let server = try SharedScratch.start(root.configuration, cancellation: cancellation)
        let marker = try #require(ScratchMarker.read(from: server.directory))
        marker.process.signal(SIGKILL)
        #expect(RootProcesses.waitForEnd(below: root.path, seconds: 20))
        #expect(root.scratch.count == 1)
        let report = try ScratchCollector(directory: root.path).collect()
        #expect(report.removed == [server.directory.path])
        #expect(root.scratch.isEmpty)
        server.stop()
        #expect(cancellation.obstacle?.reason == .serverFailed)
    }

    @Test func aKeptServerStaysUntilItIsAskedFor() throws {
        let root = try TemporaryRoot()
        let (input, output) = (try Pipe(), try Pipe())
        let fixture = try root.startFixture("keep", input: input.readEnd, output: output.takeWriteEnd())
        let text = String(decoding: output.readHead(limit: 4096).kept, as: UTF8.self)
        #expect(fixture.wait() == .exited(0))
        #expect(text.contains("psql -h \(root.path)"))
        let name = try #require(root.scratch.first)
        let parameters = ConnectionParameters([
            "host": "\(root.path)/\(name)/s", "user": "restorable_scratch", "dbname": "postgres",
        ])
        var report = try ScratchCollector(directory: root.path).collect()
        #expect(report.kept.count == 1)
        #expect(try Connection(parameters).query("SELECT count(*) FROM t").scalar == "10000")
        report = try ScratchCollector(directory: root.path).collect(kept: true)
        #expect(report.removed.count == 1)
        #expect(root.scratch.isEmpty)
        #expect(RootProcesses.waitForEnd(below: root.path, seconds: 20))
    }

    @Test func finishesAClaimThatWasKilledBeforeItsMarker() throws {
        let root = try TemporaryRoot()
        let directory = root.path + "/scratch-bbbbbbbbbbbb"
        mkdir(directory, 0o711)
        close(open(directory + "/lock", O_CREAT | O_WRONLY, 0o600))
        let report = try ScratchCollector(directory: root.path).collect()
        #expect(report.removed == [directory])
        #expect(root.scratch.isEmpty)
    }
}
