import Backups
import TestSupport
import Testing

/// What ends a verification from outside ends it with a verdict, and leaves nothing.
@Suite(.serialized) struct InterruptionTests {
    /// Of this suite alone: other suites run beside it.
    private static let scratch = "/var/tmp/restorable-test-interruption"

    private let shop: RestoredShop

    init() throws {
        shop = try RestoredShop()
    }

    @Test(arguments: ["TERM", "INT", "HUP"]) func aSignalEndsItWithAVerdict(signal: String) throws {
        // The filter is a child of the program: when it runs, the program hears signals. It goes on for ever then.
        let filter = "kill -\(signal) $PPID; cat; exec tail -f /dev/null"
        let result = try RestoredShop.verify(["--json", "--filter", filter, try shop.dump()], scratch: Self.scratch)
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""verdict":"inconclusive","reason":"interrupted""#))
        #expect(result.outputText.contains("SIG\(signal)"))
        #expect(try RestoredShop.leftovers(in: Self.scratch).contains(#""removed":[]"#))
    }

    @Test func nohupKeepsItRunning() throws {
        let script =
            "trap '' HUP; exec \"$0\" verify --json --scratch-directory \"$1\" --filter 'kill -HUP $PPID; cat' \"$2\""
        let result = try Tool.attempt("/bin/sh", ["-c", script, Restorable.path, Self.scratch, try shop.dump()])
        #expect(result.status == 0)
        #expect(result.outputText.contains(#""verdict":"verified""#))
    }

    @Test func theOthersAreNotTakenForVerified() throws {
        let path = try shop.dump()
        let result = try RestoredShop.verify([
            "--json", "--filter", "kill -TERM $PPID; exec tail -f /dev/null", path, path,
        ])
        let lines = result.outputText.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.contains(#""reason":"interrupted""#) })
    }

    @Test func theDeadlineEndsAQuery() throws {
        let result = try RestoredShop.verify(
            [
                "--json", "--deadline", "5s", "--query", "slow=SELECT pg_sleep(3600) IS NOT NULL", try shop.dump(),
            ], scratch: Self.scratch)
        #expect(result.status == 2)
        #expect(result.outputText.contains(#""reason":"deadline-exceeded""#))
        #expect(try RestoredShop.leftovers(in: Self.scratch).contains(#""removed":[]"#))
    }

    @Test func aSecondSignalEndsItAtOnce() throws {
        // The first signal ends the pass, the second one comes from the filter's own trap when it is asked to end.
        let filter = "trap 'kill -TERM $PPID' TERM; kill -TERM $PPID; while :; do tail -f /dev/null & wait; done"
        let result = try RestoredShop.verify(["--filter", filter, try shop.dump()], scratch: Self.scratch)
        #expect(result.status == 2)
        // Where the first one's verdict is out before the second one comes, there is nothing left to end.
        #expect(result.outputText.isEmpty || result.outputText.contains("(interrupted)"))
        #expect(try RestoredShop.leftovers(in: Self.scratch).contains(#""removed":[]"#))
    }
}
