import Backups
import Glibc
import Processes
import Testing

@testable import PostgreSQL

@Suite struct ScratchTemplateTests {
    private func templates(_ root: TemporaryRoot) -> [String] {
        DirectoryTree.names(in: root.path + "/templates").filter { !$0.hasSuffix(".lock") }
    }

    @Test func twoProcessesAtOnceMakeOneTemplate() throws {
        let root = try TemporaryRoot()
        let input = try Pipe()
        let outputs = [try Pipe(), try Pipe()]
        let fixtures = try outputs.map {
            try root.startFixture("hold", input: input.readEnd, output: $0.takeWriteEnd())
        }
        input.closeWriteEnd()
        for output in outputs {
            #expect(String(decoding: output.readHead(limit: 4096).kept, as: UTF8.self).hasPrefix("ready "))
        }
        #expect(fixtures.map { $0.wait() } == [.exited(0), .exited(0)])
        #expect(templates(root).count == 1)
        #expect(root.scratch.isEmpty)
    }

    @Test(arguments: ["PG_VERSION", "global/pg_control"]) func aDamagedTemplateIsMadeAgain(_ file: String) throws {
        let root = try TemporaryRoot()
        try SharedScratch.start(root.configuration).stop()
        let template = try #require(templates(root).first)
        let path = "\(root.path)/templates/\(template)/data/\(file)"
        #expect(unlink(path) == 0)
        let server = try SharedScratch.start(root.configuration)
        #expect(try server.connect().query("SELECT 1").scalar == "1")
        server.stop()
        #expect(DirectoryTree.status(path) != nil)
        #expect(root.scratch.isEmpty)
    }

    @Test func aMakerThatWasKilledLeavesNothingAfterACollection() throws {
        let root = try TemporaryRoot()
        let input = try Pipe()
        let fixture = try root.startFixture("hold", input: input.readEnd)
        // Long enough to be in initdb, too short to be through it, on any machine; and either is right below.
        _ = fixture.wait(for: .milliseconds(250))
        fixture.signal(SIGKILL)
        _ = fixture.wait()
        #expect(RootProcesses.waitForEnd(below: root.path, seconds: 20))
        let report = try ScratchCollector(directory: root.path).collect()
        #expect(report.failures.isEmpty)
        #expect(!templates(root).contains { $0.hasPrefix(".new-") })
        try SharedScratch.start(root.configuration).stop()
    }
}
