package import Backups
import Processes

/// Looks for broken heaps and B-trees in every database of a recovered copy, by `pg_amcheck` (PostgreSQL 18 documentation,
/// "F.1. amcheck" and "pg_amcheck").
package struct StructureCheck {
    private static let name = "amcheck"
    /// The first version of PostgreSQL that has `pg_amcheck`.
    package static let firstMajor = 14

    private let server: ScratchServer
    private let databases: [String]
    private let jobs: Int
    private let excluded: [TableName]
    private let cancellation: Cancellation

    /// - Parameters:
    ///   - databases: those that can be connected to, but for templates.
    ///   - excluded: tables and indexes that can't be read.
    package init(
        _ server: ScratchServer, databases: [String], jobs: Int, excluded: [TableName] = [], cancellation: Cancellation
    ) {
        self.server = server
        self.databases = databases
        self.jobs = jobs
        self.excluded = excluded
        self.cancellation = cancellation
    }

    /// - Throws: ``Obstacle`` when it could not be looked at: `tool-missing`, `extension-missing`, ….
    package func check() throws -> Check {
        let arguments =
            [
                "--host=\(server.socketDirectory)", "--port=\(PostgreSQLDefaults.socketPort)",
                "--username=\(server.superuser)", "--no-password", "--all", "--install-missing", "--jobs=\(jobs)",
                // Errors come with their codes.
                "--verbose",
            ] + excluded.map { "--exclude-relation=\(Self.pattern($0))" }
        // It makes the extension, on which an event trigger of the copy might act. From 17 on a setting keeps them all from it.
        if server.installation.major < 17 { try disableEventTriggers() }
        let environment = CleanEnvironment.variables(home: "/nonexistent", ["PGOPTIONS": server.sessionSettings])
        let result = try ChildProcess.run(
            Command(try server.installation.program("pg_amcheck"), arguments, environment: environment),
            cancellation: cancellation)
        // Its exit status when it said something of a relation (`main` of src/bin/pg_amcheck/pg_amcheck.c).
        if result.end == .exited(2), let check = try judge(StructureReport(result.outputText)) { return check }
        guard result.isSuccess else {
            let text = Self.withoutProgress(result.errorText)
            let isMissing = text.contains("extension \"amcheck\" is not available") || text.contains("amcheck.control")
            throw Obstacle(
                isMissing ? .extensionMissing : .unexplainedError, "pg_amcheck ended with \(result.end): \(text)",
                hint: isMissing
                    ? "Install PostgreSQL's contrib modules, or leave it out with --skip-amcheck." : nil)
        }
        return .verified(
            Self.name, in: .amcheck,
            "pg_amcheck found every table and B-tree index in order"
                + (excluded.isEmpty ? "" : " that no prepared transaction holds"))
    }

    /// A pattern that means one relation alone (`patternToSQLRegex` of src/fe_utils/string_utils.c): parts in quotes are taken as
    /// they are.
    private static func pattern(_ name: TableName) -> String {
        [name.database, name.schema, name.name].compactMap(\.self).map(SQLIdentifier.quoted).joined(separator: ".")
    }

    /// What `--verbose` tells of each relation, and of each database.
    private static func withoutProgress(_ text: String) -> String {
        text.split(separator: "\n").filter {
            !$0.hasPrefix("pg_amcheck: checking ") && !$0.hasPrefix("pg_amcheck: in database ")
        }.joined(separator: "\n").trimmed
    }

    /// - Returns: `nil` when nothing was said.
    private func judge(_ report: StructureReport) throws -> Check? {
        let details = report.findings.prefix(20).map { "\($0.head) \($0.text)" }
        var doubts: [(StructureReport.Finding, IndexCollation)] = []
        for finding in report.findings where finding.isDamage {
            if finding.isAboutOrder, let other = try collation(of: finding) {
                doubts.append((finding, other))
                continue
            }
            return .failed(
                Self.name, in: .amcheck, .corrupt,
                "a table or index of the recovered copy is broken: \(finding.head) \(finding.text)",
                hint: "It is broken in production too, or the backup damaged it: run pg_amcheck there. Restore what is "
                    + "broken from an older backup, or REINDEX.", details: details)
        }
        if let (finding, collation) = doubts.first {
            return .inconclusive(
                Self.name, in: .amcheck, .versionDifference,
                "\(finding.head) \(finding.text): it sorts by \(collation.description)",
                hint:
                    "Verify on a machine with production's operating system, or run pg_amcheck in production. A restore to this "
                    + "one needs a REINDEX of its text indexes.", details: details)
        }
        guard let finding = report.findings.first else { return nil }
        let obstacle = finding.obstacle
        return .inconclusive(
            Self.name, in: .amcheck, obstacle?.reason ?? .unexplainedError,
            "a table or index could not be looked at: \(finding.head) \(finding.text)",
            hint: obstacle?.hint ?? "Leave it out with --skip-amcheck.", details: details)
    }

    /// One that may sort otherwise in production.
    private func collation(of finding: StructureReport.Finding) throws -> IndexCollation? {
        guard let relation = finding.relation else { return nil }
        for database in databases where relation.hasPrefix("\(database).") {
            let found = try IndexCollation.read(
                relation, server.connect(database: database), major: server.installation.major)
            if let other = found.first(where: { !$0.isSame }) { return other }
        }
        return nil
    }

    /// Wherever `pg_amcheck --all` goes: into the templates of users, too.
    private func disableEventTriggers() throws {
        // DATCONNLIMIT_INVALID_DB in PostgreSQL's src/include/catalog/pg_database.h.
        let open = try server.connect().query(
            "SELECT datname FROM pg_catalog.pg_database WHERE datallowconn AND datconnlimit <> -2")
        for database in open.rows.compactMap({ open.text($0, 0) }) {
            let connection = try server.connect(database: database)
            let triggers = try connection.query(
                "SELECT evtname FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D'")
            for name in triggers.rows.compactMap({ triggers.text($0, 0) }) {
                try connection.execute("ALTER EVENT TRIGGER \(SQLIdentifier.quoted(name)) DISABLE")
            }
        }
    }
}
