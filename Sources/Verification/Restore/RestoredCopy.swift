import Backups
import PostgreSQL

/// A backup that was loaded into a scratch server.
struct RestoredCopy: Sendable {
    /// A database of it, and whether tables are named with it (a backup of several databases).
    struct Database: Sendable, Hashable {
        let name: String
        let isNamed: Bool

        /// The name that a table of it has in the backup.
        func qualified(_ table: TableName) -> TableName {
            isNamed ? TableName(database: name, schema: table.schema, name: table.name) : table
        }

        /// Whether `table`, as the backup names it, is in this database.
        func holds(_ table: TableName) -> Bool { !isNamed || table.database == nil || table.database == name }
    }

    let server: ScratchServer
    let databases: [Database]

    /// The only database; `nil` when there are several, and a question about "the" database has no answer.
    var onlyDatabase: Database? { databases.count == 1 ? databases[0] : nil }
}
