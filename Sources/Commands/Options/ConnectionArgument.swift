import Backups
import Glibc
import PostgreSQL
import Settings

/// A connection string from the command line.
enum ConnectionArgument {
    /// - Throws: ``Obstacle`` when it can't be parsed.
    static func parse(_ conninfo: String, option: String) throws -> ConnectionParameters {
        if ConnectionSecrets.holdsPassword(conninfo) {
            StandardStream.error.write(
                "restorable: warning: the password in \(option) is visible to everyone on this machine (ps, /proc); "
                    + "use service= or passfile= in the connection string, or ~/.pgpass\n")
        }
        var parameters = try ConnectionParameters(conninfo: conninfo)
        if parameters.values["service"] == nil, let service = getenv("PGSERVICE").map({ String(cString: $0) }),
            !service.isEmpty
        {
            parameters.values["service"] = service
        }
        return parameters
    }

    /// libpq would look the service of production up for scratch, too, and fail where it is not defined.
    /// Only before there are other threads.
    static func forgetService() { unsetenv("PGSERVICE") }
}
