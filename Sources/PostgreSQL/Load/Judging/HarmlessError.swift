import Backups

/// Errors that a good dump makes in an empty scratch server. There are no others: each is listed here with its reason,
/// and each that happens is counted and shown.
package struct HarmlessError: Sendable, Hashable {
    /// Why it is no fault of the backup and takes nothing from what is restored.
    package let because: String

    private struct Rule {
        let codes: Set<String>
        let because: String
        let applies: @Sendable (StatementText) -> Bool
    }

    /// - Returns: `nil` for an error that is not on the list.
    static func matching(_ error: PostgreSQLError, _ statement: StatementText) -> HarmlessError? {
        rules.first { $0.codes.contains(error.sqlstate) && $0.applies(statement) }
            .map { HarmlessError(because: $0.because) }
    }

    private static let rules = [
        Rule(
            codes: ["42704", "42P01", "42883", "3F000", "3D000", "42703"],
            because: "--clean drops what an empty database does not have",
            applies: isRemoval),
        Rule(
            codes: ["55006", "2BP01", "42501", "42809", "0A000"],
            because: "--clean drops a role or database that the server itself needs",
            applies: { $0.begins(with: "DROP ROLE") || $0.begins(with: "DROP DATABASE") }),
        Rule(
            codes: ["42P06"], because: "every database has the schema public",
            applies: { $0.begins(with: "CREATE SCHEMA PUBLIC") || $0.begins(with: "CREATE SCHEMA \"PUBLIC\"") }),
        Rule(
            codes: ["42710"], because: "the role is there already: it was needed by something before",
            applies: { $0.begins(with: "CREATE ROLE") || $0.begins(with: "CREATE USER") }),
        Rule(
            codes: ["42710"], because: "every database has the language plpgsql",
            applies: { $0.contains("LANGUAGE PLPGSQL") || $0.begins(with: "CREATE EXTENSION PLPGSQL") }),
        Rule(
            codes: ["42P04"], because: "every server has the databases postgres and template1",
            applies: {
                $0.begins(with: "CREATE DATABASE POSTGRES") || $0.begins(with: "CREATE DATABASE TEMPLATE1")
            }),
        Rule(
            codes: ["42704"], because: "a setting of a newer pg_dump's header that this server does not know",
            applies: { $0.settingName.map { headerSettings.contains($0) } ?? false }),
    ]

    private static let isRemoval: @Sendable (StatementText) -> Bool = { statement in
        statement.begins(with: "DROP") || statement.shown.hasPrefix("SELECT pg_catalog.lo_unlink(")
            || isEmptyView(statement)
            || statement.begins(with: "ALTER")
                && (statement.contains("DROP CONSTRAINT") || statement.contains("DROP DEFAULT")
                    || statement.contains("DROP NOT NULL") || statement.contains("DROP IDENTITY")
                    || statement.contains("DETACH PARTITION"))
    }

    /// A view that others need and that needs others is first emptied: PostgreSQL 15 src/bin/pg_dump/pg_dump.c,
    /// `createDummyViewAsClause`.
    private static func isEmptyView(_ statement: StatementText) -> Bool {
        statement.begins(with: "CREATE OR REPLACE VIEW") && statement.shown.contains(" AS SELECT NULL::")
    }

    /// What pg_dump sets in the head of a dump and what not every server knows: none of them says what is restored.
    /// PostgreSQL 18 src/bin/pg_dump/pg_backup_archiver.c, `_doSetFixedOutputState`.
    private static let headerSettings: Set<String> = [
        "transaction_timeout", "idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout",
        "row_security", "default_table_access_method", "default_toast_compression", "default_with_oids",
        "restrict_nonsystem_relation_kind",
    ]
}
