import Backups

/// Least rows of tables, as a configuration asks for them.
struct RowMinimums {
    let least: [TableName: UInt64]

    /// - Parameter rows: of the restored tables.
    func checks(_ rows: [TableName: UInt64]) -> [Check] {
        least.sorted { $0.key < $1.key }.map { table, least in
            let name = "rows-minimum:\(table)"
            guard let rows = rows[table] else {
                return .failed(
                    name, in: .rows, .objectMissing, "\(table) was not restored, and must have \(least) rows")
            }
            return rows < least
                ? .failed(
                    name, in: .rows, .tooSmall,
                    "\(table) has \(Quantity.count(rows, "row")), at least \(Quantity.count(least)) expected")
                : .verified(
                    name, in: .rows, "\(table) has \(Quantity.count(rows, "row")), \(Quantity.count(least)) expected")
        }
    }

    /// Of a recovered cluster: a table that is named without its database is of the one that is asked.
    /// - Parameter database: that one; `nil` where nobody says which of several.
    func checks(ofCluster tables: [TableResult], asked database: String?) -> [Check] {
        var rows: [TableName: UInt64] = [:]
        for table in tables {
            rows[table.name] = table.restoredRows
            if table.name.database == database {
                rows[TableName(schema: table.name.schema, name: table.name.name)] = table.restoredRows
            }
        }
        let (sure, unsure) = (
            least.filter { database != nil || $0.key.database != nil },
            least.keys.filter { database == nil && $0.database == nil }.sorted()
        )
        return RowMinimums(least: sure).checks(rows)
            + unsure.map { QuestionStages.several("rows-minimum:\($0)", .rows) }
    }
}
