package import Backups
import Processes

/// Looks for broken heaps and B-trees in every database of a recovered copy, by `pg_amcheck` (PostgreSQL 18 documentation,
/// "F.1. amcheck" and "pg_amcheck").
package struct StructureCheck {
    private static let name = "amcheck"

    private let server: ScratchServer
    private let databases: [String]
    private let jobs: Int
    private let cancellation: Cancellation

    /// - Parameter databases: those that can be connected to, but for templates.
    package init(_ server: ScratchServer, databases: [String], jobs: Int, cancellation: Cancellation) {
        self.server = server
        self.databases = databases
        self.jobs = jobs
        self.cancellation = cancellation
    }

    /// - Throws: ``Obstacle`` when it could not be looked at: `tool-missing`, `extension-missing`, ….
    package func check() throws -> Check {
        let arguments = [
            "--host=\(server.socketDirectory)", "--port=\(PostgreSQLDefaults.socketPort)",
            "--username=\(server.superuser)", "--no-password", "--all", "--install-missing", "--jobs=\(jobs)",
        ]
        // It makes the extension, on which an event trigger of the copy might act. From 17 on a setting keeps them all from it.
        if server.installation.major < 17 { try disableEventTriggers() }
        let environment = CleanEnvironment.variables(home: "/nonexistent", ["PGOPTIONS": ScratchServer.sessionSettings])
        let result = try ChildProcess.run(
            Command(try server.installation.program("pg_amcheck"), arguments, environment: environment),
            cancellation: cancellation)
        let said = result.outputText.split(separator: "\n").map { String($0).trimmed }
        // Its exit status for what is corrupt (`main` of src/bin/pg_amcheck/pg_amcheck.c).
        if result.end == .exited(2), let first = said.first {
            return .failed(
                Self.name, in: .amcheck, .corrupt, "a table or index of the recovered copy is broken: \(first)",
                hint: "It is broken in production too, or the backup damaged it: run pg_amcheck there. Restore what is "
                    + "broken from an older backup, or REINDEX.",
                details: Array(said.prefix(20)))
        }
        guard result.isSuccess else {
            let text = result.errorText.trimmed
            let isMissing = text.contains("extension \"amcheck\" is not available") || text.contains("amcheck.control")
            throw Obstacle(
                isMissing ? .extensionMissing : .unexplainedError, "pg_amcheck ended with \(result.end): \(text)",
                hint: isMissing
                    ? "Install PostgreSQL's contrib modules, or leave it out of a drill with --skip-amcheck." : nil)
        }
        return .verified(Self.name, in: .amcheck, "pg_amcheck found every table and B-tree index in order")
    }

    private func disableEventTriggers() throws {
        for database in databases + ["template1"] {
            let connection = try server.connect(database: database)
            let triggers = try connection.query(
                "SELECT evtname FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D'")
            for name in triggers.rows.compactMap({ triggers.text($0, 0) }) {
                try connection.execute("ALTER EVENT TRIGGER \(SQLIdentifier.quoted(name)) DISABLE")
            }
        }
    }
}
