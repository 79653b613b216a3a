package import Backups

/// What came of a load.
package struct LoadOutcome: Sendable {
    /// The verdict on the restore itself: one check of the stage `restore`.
    package let checks: [Check]
    /// Statements that did not run as written and matter, in file order; the first ``LoadJournal/findingLimit`` of them.
    package let findings: [Finding]
    /// How many there were.
    package let findingCount: Int
    /// Why errors were passed over, and how often each.
    package let harmless: [HarmlessError: Int]
    /// Roles and tablespaces that the dump needs and does not create; they were made for it, roles without login.
    package let createdRoles: [String]
    package let createdTablespaces: [String]
    /// The database of tables that have no ``TableName/database``.
    package let mainDatabase: String
    /// All databases that things were restored into, in order.
    package let databases: [String]
    package let duration: Duration
    /// Rows that the server took, by table, as its command tags say.
    package let rowsLoaded: [TableName: UInt64]
    /// Tables whose rows were loaded frozen, after a TRUNCATE in the same transaction.
    package let frozen: Set<TableName>
    /// Tables that were to be loaded so, and why the server loaded them only with a plain COPY: slower, and as right.
    package let unfrozen: [TableName: String]

    /// The database that holds `table`.
    package func database(of table: TableName) -> String { table.database ?? mainDatabase }
}
