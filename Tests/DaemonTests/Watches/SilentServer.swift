import Glibc
import Processes
import TestSupport

/// Takes every connection and never says a word, as a server whose machine hangs.
final class SilentServer {
    let directory: TemporaryDirectory
    private let listener: ChildProcess

    init() throws {
        directory = try TemporaryDirectory()
        let program = """
            import os, socket, sys
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(sys.argv[1] + "/.s.PGSQL.5432")
            listener.listen()
            os.chmod(sys.argv[1] + "/.s.PGSQL.5432", 0o777)
            open(sys.argv[1] + "/ready", "w").close()
            clients = []
            while True:
                clients.append(listener.accept())
                with open(sys.argv[1] + "/calls", "a") as calls:
                    calls.write("x")
            """
        listener = try ChildProcess.start(
            Command("/usr/bin/python3", ["-c", program, directory.path], parentDeathSignal: .kill))
        let deadline = ContinuousClock.now + .seconds(60)
        while access(directory.file("ready"), F_OK) != 0 {
            guard ContinuousClock.now < deadline else { throw TestFailure("the listener did not start") }
            usleep(10_000)
        }
    }

    /// How often somebody connected.
    var calls: Int { (try? TestFile.text(directory.file("calls")).count) ?? 0 }

    deinit { listener.terminate(grace: .zero) }
}
