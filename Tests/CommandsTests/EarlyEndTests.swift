import TestSupport
import Testing

/// What ends a command before its work has begun, or is no work at all.
@Suite struct EarlyEndTests {
    /// A configuration that nobody writes keeps the command from its work for ever.
    @Test(arguments: ["TERM", "INT", "HUP"]) func aSignalBeforeTheWorkHasTheStatusOfNothingProved(signal: String) throws
    {
        let directory = try TemporaryDirectory()
        // Bits 2, 1 and 15 of SigCgt (proc(5)): SIGINT, SIGHUP, SIGTERM.
        let script = """
            mkfifo "$1" && "$0" verify --config "$1" & process=$!
            until grep -q '^SigCgt:.*[4567cdef][0-9a-f][0-9a-f][37bf]$' /proc/$process/status; do :; done
            kill -$2 $process; wait $process
            """
        // A shell has its background jobs ignore SIGINT: env undoes that.
        let command = script.replacing("\"$0\" verify", with: "env --default-signal=INT \"$0\" verify")
        let result = try Tool.attempt(
            "/usr/bin/timeout", ["60", "/bin/sh", "-c", command, Restorable.path, directory.file("fifo"), signal])
        #expect(result.status == 2, "\(result.errorText)")
        #expect(result.outputText == "")
    }

    @Test func aLocationThatIsNotThereIsSaid() throws {
        let directory = try TemporaryDirectory()
        let gc = ["gc", "--scratch-directory", directory.file("scratch"), "--location"]
        let right = try Restorable.run(gc + [directory.path])
        #expect(right.status == 0)
        #expect(right.outputText == "nothing to remove\n")
        let wrong = try Restorable.run(gc + [directory.file("nonexistent")])
        #expect(wrong.status == 2)
        #expect(wrong.outputText == "FAILED   can't read \(directory.file("nonexistent")): No such file or directory\n")
        let json = try Restorable.run(gc + [directory.file("nonexistent"), "--json"])
        #expect(json.status == 2)
        #expect(json.outputText.contains(#""failures":["can't read "#))
    }
}
