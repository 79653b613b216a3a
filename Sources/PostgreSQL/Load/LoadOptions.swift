package import Backups

/// How a backup is loaded.
package struct LoadOptions: Sendable {
    /// Connections that work side by side.
    package var jobs: Int
    /// The database for a dump that names none.
    package var database: String
    /// Only these tables and all that belongs to them; with `schemas` empty too: everything.
    package var tables: Set<TableName>
    package var schemas: Set<String>
    /// Not created, and what needs them is not held against the backup.
    package var ignoredExtensions: Set<String>
    /// Loads tables that the load itself created without WAL and frozen, where that is safe.
    package var freezes: Bool

    package init(
        jobs: Int = 1, database: String = "restored", tables: Set<TableName> = [], schemas: Set<String> = [],
        ignoredExtensions: Set<String> = [], freezes: Bool = true
    ) {
        self.jobs = jobs
        self.database = database
        self.tables = tables
        self.schemas = schemas
        self.ignoredExtensions = ignoredExtensions
        self.freezes = freezes
    }

    package var isSelection: Bool { !tables.isEmpty || !schemas.isEmpty }
}
