import Backups
import Glibc
import Processes
import TestSupport
import Testing

/// A child with all that it starts.
@Suite struct ChildProcessGroupTests {
    private func run(_ script: String, _ cancellation: Cancellation = Cancellation()) throws -> ProcessResult {
        try ChildProcess.runGroup(
            Command("/bin/sh", ["-c", script]), grace: .milliseconds(100), cancellation: cancellation)
    }

    /// Whoever inherits it may take its time to bury it.
    private func waitUntilGone(_ identifier: String) throws {
        try Tool.shell(
            "while [ -e /proc/$1 ] && ! grep -q '^State:.*Z' /proc/$1/status; do sleep 0.01; done", [identifier])
    }

    @Test func whatIsWrittenAndTheStatusArePassedOn() throws {
        let result = try run("echo out; echo err >&2; cat; ls /proc/self/fd | tr '\\n' ' '; exit 3")
        #expect(result.outputText == "out\n0 1 2 3 ")
        #expect(result.errorText == "err\n")
        #expect(result.end == .exited(3))
        #expect(try run("kill -9 $$").end == .exited(137))
    }

    @Test func whatIsLeftBehindIsEnded() throws {
        let result = try run("sleep 600 >/dev/null 2>&1 & echo $!")
        #expect(result.isSuccess)
        try waitUntilGone(String(result.outputText.dropLast()))
    }

    @Test(arguments: ["", "trap '' TERM; "]) func cancellationEndsAllOfIt(trap: String) throws {
        let directory = try TemporaryDirectory()
        let (cancellation, file) = (Cancellation(), directory.file("pids"))
        mkfifo(file, 0o600)
        let read = SignalledOnce<String>()
        DetachedThread.start(named: "canceller") {
            read.set((try? Tool.run("cat", [file]).outputText) ?? "")
            cancellation.cancel(Obstacle(.interrupted, "stop"))
        }
        let error = #expect(throws: Obstacle.self) {
            try run("\(trap)sleep 600 & echo $! $$ >\(file); wait; sleep 600", cancellation)
        }
        #expect(error?.reason == .interrupted)
        let words = read.wait().split(whereSeparator: \.isWhitespace)
        #expect(words.count == 2)
        for word in words { try waitUntilGone(String(word)) }
    }
}
