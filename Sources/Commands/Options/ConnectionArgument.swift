import Backups
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
        return try ConnectionParameters(production: conninfo)
    }
}
