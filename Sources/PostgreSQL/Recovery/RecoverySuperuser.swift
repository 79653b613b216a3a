import Backups
import Processes

/// Makes the role that asks a recovered copy: nobody knows which of the roles that came back are superusers, or what they
/// are set to do when they log in.
struct RecoverySuperuser {
    /// What most clusters call their first role.
    private static let usual = "postgres"

    let scratch: PreparedScratch
    let installation: Installation
    /// For a server that does not recover any more.
    let settings: [ServerSettings.Setting]

    /// - Throws: ``Obstacle`` when it can't be made.
    func make(_ server: ScratchServer) throws {
        if try makeByUsualRole(server) { return }
        try scratch.shutDown()
        let name = SQLIdentifier.quoted(server.superuser)
        let result = try scratch.runAlone(
            "CREATE ROLE \(name);\nALTER ROLE \(name) SUPERUSER LOGIN;\n", of: installation, settings: settings)
        guard result.isSuccess else {
            // `CheckMyDatabase` in src/backend/utils/init/postinit.c.
            if result.errorText.contains("database locale is incompatible with operating system") {
                throw Obstacle(
                    .localeMissing, "this machine lacks the locale of the cluster: \(result.errorText.trimmed)",
                    hint: "Install it: add it to /etc/locale.gen and run locale-gen.")
            }
            throw Obstacle(
                .serverFailed,
                "no role could be made to ask the recovered copy: postgres --single ended with \(result.end): "
                    + result.errorText.trimmed)
        }
        if case .ended(_, let obstacle) = try scratch.start(installation, settings: settings) { throw obstacle }
    }

    /// - Returns: whether there is such a role, and it could.
    private func makeByUsualRole(_ server: ScratchServer) throws -> Bool {
        var parameters = server.parameters()
        parameters.values["user"] = Self.usual
        let name = SQLIdentifier.quoted(server.superuser)
        do {
            let connection = try Connection(
                parameters, lossReason: .serverFailed, cancellation: scratch.cancellation)
            let known = try connection.query("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1", [server.superuser])
            if known.rowCount == 0 { try connection.execute("CREATE ROLE \(name)") }
            try connection.execute("ALTER ROLE \(name) SUPERUSER LOGIN CONNECTION LIMIT -1 VALID UNTIL 'infinity'")
            return true
        } catch is PostgreSQLError {
            return false
        } catch let obstacle as Obstacle where !scratch.cancellation.isCancelled {
            // There is no such role, or it may not log in: all that a server in scratch refuses a login for.
            guard obstacle.reason == .authenticationFailed || obstacle.reason == .connectionFailed else {
                throw obstacle
            }
            return false
        }
    }
}
