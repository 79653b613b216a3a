package import Backups

/// What a dump holds, whatever its format, as counted in its own bytes.
package struct DumpContents: Sendable, Equatable {
    package var header: DumpHeader
    /// Rows of every table that the dump has data for; a table that is only created has 0 rows here.
    package var rows: [TableName: UInt64]
    /// Databases that the dump connects to or creates, in order; empty for a dump of one unnamed database.
    package var databases: [String]
    /// Extensions it creates.
    package var extensions: [String]
    /// Roles that it names (owners, grantees), decoded; those it creates itself are in `createdRoles`.
    package var roles: Set<String>
    package var createdRoles: Set<String>
    package var hasSchema: Bool
    package var hasData: Bool
    package var largeObjects: UInt64
    /// The dump was made with `--enable-row-security`: it may lack rows that its maker was not allowed to see.
    package var underRowSecurity: Bool

    package init(header: DumpHeader = DumpHeader()) {
        self.header = header
        rows = [:]
        databases = []
        extensions = []
        roles = []
        createdRoles = []
        hasSchema = false
        hasData = false
        largeObjects = 0
        underRowSecurity = false
    }

    package var totalRows: UInt64 { rows.values.reduce(0, &+) }
}
