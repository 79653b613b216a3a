import Backups
import CLinux
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

    @Test func theNextRunRemovesWhatAKilledOneLeft() throws {
        let root = try TemporaryRoot()
        let killed = try SharedScratch.start(root.configuration)
        try #require(ScratchMarker.read(from: killed.directory)).process.signal(SIGKILL)
        #expect(RootProcesses.waitForEnd(below: root.path, seconds: 20))
        let next = try SharedScratch.start(root.configuration)
        #expect(root.scratch == [next.directory.name])
        next.stop()
        killed.stop()
    }

    /// As on a machine that allows no namespaces: the server's shared memory is the machine's.
    @Test func removesTheSharedMemoryOfAServerThatWasKilled() throws {
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.usesNamespaces = false
        let server = try SharedScratch.start(configuration)
        #expect(try server.connect().query("SELECT 1").scalar == "1")
        let lines = try #require(ProcFile.text(server.directory.data + "/postmaster.pid")).split(
            separator: "\n", omittingEmptySubsequences: false)
        let segment = try #require(lines[6].split(separator: " ").last.flatMap { Int32($0) })
        var status = shmid_ds()
        #expect(shmctl(segment, IPC_STAT, &status) == 0)
        let marker = try #require(ScratchMarker.read(from: server.directory))
        #expect(!marker.hasNamespaces)
        // The server first, so that it can't clean up, then its warden.
        for process in RootProcesses.find(below: server.directory.path) { kill(process, SIGSTOP) }
        marker.process.signal(SIGKILL)
        for process in RootProcesses.find(below: server.directory.path) { kill(process, SIGKILL) }
        #expect(RootProcesses.waitForEnd(below: root.path, seconds: 20))
        #expect(shmctl(segment, IPC_STAT, &status) == 0)
        let report = try ScratchCollector(directory: root.path).collect()
        #expect(report.removed == [server.directory.path])
        #expect(shmctl(segment, IPC_STAT, &status) == -1)
        server.stop()
    }

    @Test func aServerWithoutNamespacesGoesWithItsStarter() throws {
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.usesNamespaces = false
        let server = try SharedScratch.start(configuration)
        #expect(try server.connect().query("SELECT 1").scalar == "1")
        server.stop()
        #expect(root.scratch.isEmpty)
        #expect(RootProcesses.find(below: root.path).isEmpty)
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
