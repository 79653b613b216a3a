package import Backups
package import PostgreSQL

/// What the restored copy is held against.
package struct ProofOptions: Sendable {
    package struct FreshnessRule: Sendable, Equatable {
        package var table: TableName
        package var column: String

        package init(table: TableName, column: String) {
            self.table = table
            self.column = column
        }
    }

    /// A live database.
    package var against: ConnectionParameters?
    /// How far that may have moved on; `nil`: nobody said.
    package var drift: Drift?
    /// Production, to hold the rows against what it counted since the backup; `nil`: nothing is sampled.
    package var bounds: BoundsSource?
    /// Content checksums of every table, where there is something to compare them with.
    package var checksums = false
    package var freshness: [FreshnessRule] = []
    package var queries: [CustomQuery] = []
    /// Least rows of tables.
    package var minimumRows: [TableName: UInt64] = [:]
    /// The database that is asked; `nil` where there is only one that questions can mean.
    package var database: String?
    /// `pg_amcheck` of a recovered cluster, which reads every table and index.
    package var looksForBrokenStructures = true

    package init() {}
}
