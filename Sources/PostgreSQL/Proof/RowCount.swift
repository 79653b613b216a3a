package import Backups

/// What a ``RowCounter`` found, all in one snapshot.
package struct RowCount: Sendable, Equatable {
    package var rows: [TableName: UInt64]
    package var families: TableFamilies
    /// Those of the tables that belong to an extension.
    package var extensionTables: Set<TableName> = []
    /// Of each table, where checksums were asked for; a table is missing whose rows are too wide for one.
    package var checksums: [TableName: String]
    /// Their number, and their checksum where it was asked for.
    package var largeObjects: Manifest.LargeObjects?

    package init(
        rows: [TableName: UInt64] = [:], families: TableFamilies = TableFamilies(),
        checksums: [TableName: String] = [:], largeObjects: Manifest.LargeObjects? = nil
    ) {
        self.rows = rows
        self.families = families
        self.checksums = checksums
        self.largeObjects = largeObjects
    }
}
