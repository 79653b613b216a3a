import Backups
import Testing

@testable import PostgreSQL

@Suite struct ScratchLimitsTests {
    @Test func tooMuchOnDiskEndsTheRun() throws {
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.maximumDisk = 1 << 20
        let server = try SharedScratch.start(configuration)
        let error = #expect(throws: Obstacle.self) { try server.connect().execute("SELECT pg_sleep(60)") }
        #expect(error?.reason == .diskFull)
        server.stop()
        #expect(root.scratch.isEmpty)
    }

    @Test func theDeadlineEndsTheRun() throws {
        let root = try TemporaryRoot()
        var configuration = root.configuration
        configuration.deadline = .milliseconds(300)
        let server = try SharedScratch.start(configuration)
        let error = #expect(throws: Obstacle.self) { try server.connect().execute("SELECT pg_sleep(60)") }
        #expect(error?.reason == .deadlineExceeded)
        server.stop()
        #expect(root.scratch.isEmpty)
    }

    @Test func whatCannotFitIsNotStarted() throws {
        let root = try TemporaryRoot()
        var error = #expect(throws: Obstacle.self) {
            try SharedScratch.start(root.configuration, diskEstimate: 1 << 60)
        }
        #expect(error?.reason == .diskFull)
        var configuration = root.configuration
        configuration.maximumDisk = 1 << 30
        error = #expect(throws: Obstacle.self) { try SharedScratch.start(configuration, diskEstimate: 2 << 30) }
        #expect(error?.reason == .diskFull)
        configuration.otherDisk = 600 << 20
        error = #expect(throws: Obstacle.self) { try SharedScratch.start(configuration, diskEstimate: 600 << 20) }
        #expect(error?.message.contains("600 MiB of it for the copy of the backup, and may use 1.0 GiB") == true)
        #expect(root.scratch.isEmpty)
    }

    @Test func aCancelledStartLeavesNothing() throws {
        let root = try TemporaryRoot()
        let cancellation = Cancellation()
        cancellation.cancel(Obstacle(.interrupted, "stop"))
        let error = #expect(throws: Obstacle.self) {
            try SharedScratch.start(root.configuration, cancellation: cancellation)
        }
        #expect(error?.reason == .interrupted)
        #expect(root.scratch.isEmpty)
    }
}
