package import Backups

/// What a dump holds, whatever its format, as counted in its own bytes.
package struct DumpContents: Sendable, Equatable {
    package var header: DumpHeader
    /// Rows of every table that the dump has data for; a table that is only created has 0 rows here.
    ///
    /// They are the rows of that table alone (`SELECT count(*) FROM ONLY`), not of those that inherit from it. A
    /// partitioned table is listed only where the dump sends data through it (`--load-via-partition-root`): then it stands
    /// for all its partitions (`FROM` without `ONLY`), and they are not listed. Foreign tables are never listed.
    package var rows: [TableName: UInt64]
    /// Tables that it fills with rows whose number its text does not tell (`INSERT … SELECT`): they are not in `rows`.
    package var uncounted: Set<TableName>
    /// Databases that the dump connects to or creates, in order; empty for a dump of one unnamed database. Without
    /// pg_dumpall's header, tables of the first one connected to have no ``TableName/database``.
    package var databases: [String]
    /// Extensions it creates.
    package var extensions: [String]
    /// Roles that it names (owners, grantees), decoded; those it creates itself are in `createdRoles`.
    package var roles: Set<String>
    package var createdRoles: Set<String>
    /// It creates something in a database.
    package var hasSchema: Bool
    /// It has data blocks, if only empty ones, or `INSERT`s, or large objects. No row at all is `totalRows == 0`.
    package var hasData: Bool
    package var largeObjects: UInt64
    /// The dump was made with `--enable-row-security`: it may lack rows that its maker was not allowed to see.
    package var underRowSecurity: Bool

    package init(header: DumpHeader = DumpHeader()) {
        self.header = header
        rows = [:]
        uncounted = []
        databases = []
        extensions = []
        roles = []
        createdRoles = []
        hasSchema = false
        hasData = false
        largeObjects = 0
        underRowSecurity = false
    }

    /// All tables that it has data for, counted or not.
    package var tables: Set<TableName> { uncounted.union(rows.keys) }
    package var totalRows: UInt64 { rows.values.reduce(0, &+) }
}
