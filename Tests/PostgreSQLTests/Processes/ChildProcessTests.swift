import Backups
import Glibc
import Processes
import Testing

@Suite struct ChildProcessTests {
    private func shell(_ script: String, _ environment: [String: String] = CleanEnvironment.variables()) -> Command {
        Command("/bin/sh", ["-c", script], environment: environment)
    }

    @Test func returnsWhatWasWrittenAndHowItEnded() throws {
        let result = try ChildProcess.run(shell("echo out; echo err >&2; exit 3"))
        #expect(result.outputText == "out\n")
        #expect(result.errorText == "err\n")
        #expect(result.end == .exited(3))
        #expect(try ChildProcess.run(shell("kill -9 $$")).end == .signalled(9))
    }

    @Test func keepsTheHeadOfTheOutputAndTheTailOfTheErrors() throws {
        let result = try ChildProcess.run(
            shell("seq 1 100000; seq 1 100000 >&2; echo last >&2"), limit: 100)
        #expect(result.output.count == 100)
        #expect(result.isOutputCut)
        #expect(result.outputText.hasPrefix("1\n2\n"))
        #expect(result.errorText.hasSuffix("last\n"))
        #expect(result.isSuccess)
    }

    @Test func theEnvironmentIsExactlyWhatWasGiven() throws {
        setenv("RESTORABLE_TEST_INHERITED", "secret", 1)
        let command = Command("/usr/bin/env", environment: ["ONLY": "this"])
        #expect(try ChildProcess.run(command).outputText == "ONLY=this\n")
    }

    @Test func noDescriptorIsInherited() throws {
        let pipe = try Pipe()
        let result = try ChildProcess.run(shell("ls /proc/self/fd"))
        // 3 is the directory that ls reads itself.
        #expect(result.outputText == "0\n1\n2\n3\n")
        _ = pipe.readEnd
    }

    @Test func cancellationEndsTheChild() throws {
        let cancellation = Cancellation()
        let pipe = try Pipe()
        DetachedThread.start(named: "canceller") {
            // The child has written: it runs.
            var byte: UInt8 = 0
            _ = read(pipe.readEnd, &byte, 1)
            cancellation.cancel(Obstacle(.interrupted, "stop"))
        }
        let fifo = "/proc/\(getpid())/fd/\(pipe.readEnd)"
        let error = #expect(throws: Obstacle.self) {
            try ChildProcess.run(
                shell("trap '' TERM; echo x > \(fifo); sleep 600 & wait; sleep 600"), grace: .milliseconds(100),
                cancellation: cancellation)
        }
        #expect(error?.reason == .interrupted)
    }

    @Test func aMissingProgramIsAnObstacle() {
        let error = #expect(throws: Obstacle.self) { try ChildProcess.run(Command("/nonexistent/program")) }
        #expect(error?.reason == .toolMissing)
    }

    @Test(.enabled(if: geteuid() == 0)) func rootCanRunItAsAnotherUser() throws {
        let nobody = try #require(ProcessUser(named: "nobody"))
        var command = shell("id -u; id -G; grep NoNewPrivs /proc/self/status")
        command.user = nobody
        let result = try ChildProcess.run(command)
        #expect(result.outputText == "\(nobody.identifier)\n\(nobody.group)\nNoNewPrivs:\t1\n")
    }

    @Test func manyBlockedCallersDoNotStarveEachOther() async throws {
        // More than there are threads in the cooperative pool.
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask { (try? ChildProcess.run(Command("/bin/true")).isSuccess) == true }
            }
            for await isSuccess in group { #expect(isSuccess) }
        }
    }
}
