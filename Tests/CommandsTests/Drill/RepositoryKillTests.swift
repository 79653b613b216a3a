import Glibc
import Processes
import TestSupport
import Testing

/// `kill -9` while a tool of a repository is at work: it ends, and what it left goes.
@Suite(.serialized) struct RepositoryKillTests {
    /// A program in place of pgBackRest, which stands still as soon as it is to do this, and is the real one until then.
    private func hold(_ command: String, in directory: TemporaryDirectory) throws -> String {
        mkdir(directory.file("bin"), 0o755)
        let program = try directory.write(
            """
            #!/bin/sh
            for word; do
                [ "$word" = \(command) ] || continue
                echo $$ >"\(directory.file("reached.part"))" && mv "\(directory.file("reached.part"))" "\(directory.file("reached"))"
                exec sleep 3600
            done
            exec /usr/bin/pgbackrest "$@"

            """, to: "bin/pgbackrest")
        chmod(program, 0o755)
        return directory.file("bin")
    }

    @Test(arguments: ["restore", "archive-get", "info"]) func aKilledDrillLeavesNothing(command: String) throws {
        let production = try PgBackRestServer()
        try production.server.maintenance.run("CREATE TABLE t AS SELECT 1 AS id")
        try production.backUp()
        let directory = try TemporaryDirectory()
        let scratch = directory.file("scratch")
        let arguments = [
            "drill", "--base", production.address, "--wal", production.address, "--scratch-directory", scratch,
        ]
        let whole = try Restorable.run(arguments)
        #expect(whole.status == 0, "\(whole.outputText)\(whole.errorText)")

        let place = try hold(command, in: directory)
        let child = try ChildProcess.start(
            Command(
                Restorable.path, arguments, environment: CleanEnvironment.variables(["PATH": "\(place):/usr/bin:/bin"]),
                parentDeathSignal: .kill))
        try DaemonProcess.eventually("pgBackRest is to \(command)") { TestFile.exists(directory.file("reached")) }
        let tool = try #require(Int32(try TestFile.text(directory.file("reached")).prefix { $0.isNumber }))
        child.signal(SIGKILL)
        #expect(child.wait() == .signalled(SIGKILL))
        try DaemonProcess.eventually("the tool is gone") { kill(tool, 0) != 0 }
        // The warden clears up by itself; what is left all the same goes with the next collection.
        try DaemonProcess.eventually("the scratch is gone") {
            _ = try Restorable.run(["gc", "--scratch-directory", scratch])
            return try TestFile.names(in: scratch).allSatisfy { !$0.hasPrefix("scratch-") }
        }
    }
}
