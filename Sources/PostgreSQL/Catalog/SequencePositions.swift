import Backups

/// Where every sequence stands.
enum SequencePositions {
    /// Sequences asked for in one statement: each opens one relation.
    private static let batch = 200

    /// Sequences of the database that a dump holds, with their positions at this moment.
    static func read(_ connection: Connection) throws -> [TableName: SequencePosition] {
        let list = try connection.reading(
            "the catalog",
            """
            SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND \(CatalogQuery.ofUserSchema)
                AND \(CatalogQuery.notOfExtension("pg_class", "c.oid"))
            """)
        let names = list.rows.compactMap { row -> TableName? in
            guard let schema = list.text(row, 0), let name = list.text(row, 1) else { return nil }
            return TableName(schema: schema, name: name)
        }
        var positions: [TableName: SequencePosition] = [:]
        for start in stride(from: 0, to: names.count, by: batch) {
            let part = names[start..<min(start + batch, names.count)]
            let statements = part.enumerated().map { index, name in
                "SELECT \(index), last_value, is_called FROM \(name.quoted)"
            }
            let result = try connection.reading("the sequences", statements.joined(separator: " UNION ALL "))
            for row in result.rows {
                guard let index = result.integer(row, 0), let value = result.integer(row, 1),
                    let isCalled = result.boolean(row, 2)
                else { continue }
                positions[part[start + Int(index)]] = SequencePosition(lastValue: value, isCalled: isCalled)
            }
        }
        return positions
    }
}

extension TableName {
    /// `"schema"."name"`, safe in any statement.
    package var quoted: String { "\(SQLIdentifier.quoted(schema)).\(SQLIdentifier.quoted(name))" }
}
