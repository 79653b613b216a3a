import Glibc
import Processes

/// Listens where a PostgreSQL of its own directory would, and does what no real one can be made to do for long.
package final class PretendedServer {
    package enum Manner: String {
        /// Takes every connection and never says a word, as a server whose machine hangs.
        case silent
        /// Says to everyone what a PostgreSQL says while it starts (SQLSTATE 57P03), and closes. Messages: PostgreSQL
        /// documentation, "55.7. Message Formats", ErrorResponse.
        case starting
    }

    package let directory: TemporaryDirectory
    private let listener: ChildProcess

    package init(_ manner: Manner) throws {
        directory = try TemporaryDirectory()
        let program = """
            import os, socket, struct, sys
            directory, manner = sys.argv[1:]
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(directory + "/.s.PGSQL.5432")
            listener.listen()
            os.chmod(directory + "/.s.PGSQL.5432", 0o777)
            open(directory + "/ready", "w").close()
            fields = b"SFATAL\\0VFATAL\\0C57P03\\0Mthe database system is starting up\\0\\0"
            clients = []
            while True:
                client, _ = listener.accept()
                with open(directory + "/calls", "a") as calls:
                    calls.write("x")
                if manner == "silent":
                    clients.append(client)
                    continue
                client.recv(8192)
                client.sendall(b"E" + struct.pack(">I", 4 + len(fields)) + fields)
                client.close()
            """
        listener = try ChildProcess.start(
            Command(
                "/usr/bin/python3", ["-c", program, directory.path, manner.rawValue], parentDeathSignal: .kill))
        let deadline = ContinuousClock.now + .seconds(60)
        while access(directory.file("ready"), F_OK) != 0 {
            guard ContinuousClock.now < deadline else { throw TestFailure("the listener did not start") }
            usleep(10_000)
        }
    }

    /// How often somebody connected.
    package var calls: Int { (try? TestFile.text(directory.file("calls")).count) ?? 0 }

    deinit { listener.terminate(grace: .zero) }
}
