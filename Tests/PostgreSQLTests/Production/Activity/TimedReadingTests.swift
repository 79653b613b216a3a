import Backups
import Glibc
import PostgreSQL
import TestSupport
import Testing

@Suite struct TimedReadingTests {
    private static func parameters() throws -> ConnectionParameters {
        try ConnectionParameters(conninfo: TestServer.shared().conninfo())
    }

    @Test func whatIsInTimeIsNotHeldUp() throws {
        let one = try TimedReading.run(.seconds(60), within: Cancellation()) {
            try Connection(Self.parameters(), cancellation: $0).query("SELECT 1").scalar
        }
        #expect(one == "1")
    }

    /// One session of the server stands still, as all of it does on a machine that hangs: no time-out of its own helps.
    @Test(arguments: [false, true]) func aServerThatDoesNotAnswerEndsIt(isFrozen: Bool) throws {
        var victim: pid_t?
        defer { if let victim { kill(victim, SIGCONT) } }
        let error = #expect(throws: Obstacle.self) {
            try TimedReading.run(.milliseconds(300), within: Cancellation()) { cancellation in
                let connection = try Connection(Self.parameters(), cancellation: cancellation)
                if isFrozen {
                    victim = connection.backendIdentifier
                    kill(connection.backendIdentifier, SIGSTOP)
                }
                _ = try connection.query("SELECT pg_sleep(3600)")
            }
        }
        #expect(error?.reason == .deadlineExceeded && error?.message.contains("did not answer") == true)
    }

    @Test func whoEndsTheWorkEndsTheReading() throws {
        let work = Cancellation()
        work.cancel(Obstacle(.interrupted, "ended"))
        let error = #expect(throws: Obstacle.self) {
            try TimedReading.run(.seconds(60), within: work) { _ = try Connection(Self.parameters(), cancellation: $0) }
        }
        #expect(error?.reason == .interrupted)
    }
}
