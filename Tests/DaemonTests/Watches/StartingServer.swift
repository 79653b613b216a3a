import Glibc
import Processes
import TestSupport

/// Says to everyone who connects what a PostgreSQL says while it starts (SQLSTATE 57P03), and closes.
///
/// A real server is in that state for a moment only. Messages: PostgreSQL documentation, "55.7. Message Formats",
/// ErrorResponse.
final class StartingServer {
    let directory: TemporaryDirectory
    private let listener: ChildProcess

    init() throws {
        directory = try TemporaryDirectory()
        let program = """
            import os, socket, struct, sys
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(sys.argv[1] + "/.s.PGSQL.5432")
            listener.listen()
            os.chmod(sys.argv[1] + "/.s.PGSQL.5432", 0o777)
            open(sys.argv[1] + "/ready", "w").close()
            fields = b"SFATAL\\0VFATAL\\0C57P03\\0Mthe database system is starting up\\0\\0"
            while True:
                client, _ = listener.accept()
                client.recv(8192)
                client.sendall(b"E" + struct.pack(">I", 4 + len(fields)) + fields)
                client.close()
            """
        listener = try ChildProcess.start(
            Command("/usr/bin/python3", ["-c", program, directory.path], parentDeathSignal: .kill))
        let deadline = ContinuousClock.now + .seconds(60)
        while access(directory.file("ready"), F_OK) != 0 {
            guard ContinuousClock.now < deadline else { throw TestFailure("the listener did not start") }
            usleep(10_000)
        }
    }

    deinit { listener.terminate(grace: .zero) }
}
