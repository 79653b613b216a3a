import Backups
import Synchronization

/// Makes what a dump names but never brings, because it belongs to the whole server: roles and tablespaces.
///
/// Each is made over a short session of its own, so that nothing of the dump's session (its role, its encoding, a failed
/// transaction) is in the way.
final class MissingObjects: Sendable {
    private let target: any LoadTarget
    private let journal: LoadJournal
    /// What was tried already: nothing is tried twice.
    private let tried = Mutex(Set<String>())

    init(_ target: any LoadTarget, _ journal: LoadJournal) {
        self.target = target
        self.journal = journal
    }

    /// Makes those of `roles` that the server lacks.
    func make(roles: some Sequence<String>) throws {
        let wanted = Set(roles)
        guard !wanted.isEmpty else { return }
        let connection = try target.connect(database: "postgres")
        let result = try connection.query("SELECT rolname FROM pg_catalog.pg_roles")
        let present = Set(result.rows.compactMap { result.text($0, 0) })
        for role in wanted.subtracting(present).sorted() where !role.hasPrefix("pg_") {
            try make(role: role, over: connection)
        }
    }

    /// Makes what `error` says is missing.
    /// - Returns: whether the statement is worth another try.
    func remedy(_ error: PostgreSQLError, of statement: [UInt8]) throws -> Bool {
        // `DROP ROLE` of a role that is not there wants none.
        guard HarmlessError.matching(error, StatementText(statement.prefix(1024))) == nil else { return false }
        if error.sqlstate == "42704", let role = Self.name(in: error.message, after: "role \"") {
            return try once("role \(role)") { try make(role: role, over: $0) }
        }
        let texts = [error.message, error.detail ?? ""]
        if let space = texts.lazy.compactMap({ Self.name(in: $0, after: "ablespace \"") }).first {
            return try once("tablespace \(space)") { try make(tablespace: space, over: $0) }
        }
        // Owners of event triggers and foreign-data wrappers are superusers; the dump does not say so of its roles.
        if error.sqlstate == "42501", error.hint?.contains("must be a superuser") == true,
            let role = Self.owner(in: StatementText(statement).shown)
        {
            return try once("superuser \(role)") {
                _ = try $0.execute("ALTER ROLE \(SQLIdentifier.quoted(role)) SUPERUSER")
            }
        }
        return false
    }

    private func once(_ what: String, _ make: (Connection) throws -> Void) throws -> Bool {
        guard tried.withLock({ $0.insert(what).inserted }) else { return false }
        do {
            try make(try target.connect(database: "postgres"))
            return true
        } catch is PostgreSQLError {
            // The first error of the statement stands then, and is judged.
            return false
        }
    }

    private func make(role: String, over connection: Connection) throws {
        // `postgres` is the superuser that initdb makes nearly everywhere, and owns what only superusers can.
        let attributes = role == "postgres" ? "SUPERUSER NOLOGIN" : "NOLOGIN"
        try connection.execute("CREATE ROLE \(SQLIdentifier.quoted(role)) \(attributes)")
        journal.note(role: role)
    }

    /// Inside the data directory: a dump must never write to where production's tablespaces lie.
    private func make(tablespace: String, over connection: Connection) throws {
        try connection.execute("SET allow_in_place_tablespaces = on")
        try connection.execute("CREATE TABLESPACE \(SQLIdentifier.quoted(tablespace)) LOCATION ''")
        journal.note(tablespace: tablespace)
    }

    /// `x` of `… role "x" does not exist`.
    private static func name(in message: String, after prefix: String) -> String? {
        let suffix = "\" does not exist"
        guard let start = message.ranges(of: prefix).first?.upperBound,
            let end = message[start...].ranges(of: suffix).last?.lowerBound
        else { return nil }
        return String(message[start..<end])
    }

    private static func owner(in statement: String) -> String? {
        guard let name = statement.ranges(of: "OWNER TO ").last?.upperBound else { return nil }
        let text = statement[name...].filter { $0 != ";" }
        guard text.hasPrefix("\""), text.hasSuffix("\""), text.count > 2 else { return String(text) }
        return text.dropFirst().dropLast().split(separator: "\"\"", omittingEmptySubsequences: false)
            .joined(separator: "\"")
    }
}
