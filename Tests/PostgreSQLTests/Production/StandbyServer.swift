import Glibc
import PostgreSQL
import Processes
import TestSupport

/// A hot standby of a test's server, which streams from it. Its files lie beside those of its primary and go with them.
final class StandbyServer {
    let conninfo: String
    private let child: ChildProcess

    /// - Parameter settings: added to the server's command line.
    init(of primary: TestServer, settings: [String: String]) throws {
        let directory = "\(primary.socketDirectory)/standby-\(UInt32.random(in: 0...UInt32.max))"
        conninfo = "host=\(directory) port=5432 user=\(TestServer.superuser) dbname=postgres"
        let script = """
            as="/usr/bin/setpriv --reuid=postgres --regid=postgres --clear-groups --"
            [ "$(id -u)" = 0 ] || as=
            bin=$1 primary=$2 directory=$3; shift 3
            $as "$bin/pg_basebackup" -h "$primary" -U postgres -D "$directory" -R -X stream -c fast --no-sync || exit
            exec $as "$bin/postgres" -D "$directory" -c unix_socket_directories="$directory" "$@"
            """
        let options = Self.settings.merging(settings, uniquingKeysWith: { $1 }).flatMap { ["-c", "\($0)=\($1)"] }
        child = try ChildProcess.start(
            Command(
                "/bin/sh",
                ["-c", script, "sh", primary.installation.bin, primary.socketDirectory, directory] + options,
                parentDeathSignal: .kill))
        let deadline = ContinuousClock.now + .seconds(60)
        while (try? Connection(ConnectionParameters(conninfo: conninfo))) == nil {
            guard ContinuousClock.now < deadline else { throw TestFailure("the standby did not start") }
            usleep(10_000)
        }
    }

    deinit { child.terminate(grace: .seconds(10)) }

    /// What a standby must have at least as much of as its primary, and what keeps it small.
    private static let settings = [
        "listen_addresses": "", "hot_standby": "on", "fsync": "off", "shared_buffers": "32MB", "max_connections": "40",
        "max_locks_per_transaction": "256", "max_prepared_transactions": "4", "wal_level": "logical",
    ]
}
