/// The name of a table as the server knows it: decoded, unquoted parts.
package struct TableName: Hashable, Sendable, Comparable {
    /// Set only where a backup holds several databases (pg_dumpall).
    package let database: String?
    package let schema: String
    package let name: String

    package init(database: String? = nil, schema: String, name: String) {
        self.database = database
        self.schema = schema
        self.name = name
    }

    package static func < (left: TableName, right: TableName) -> Bool {
        (left.database ?? "", left.schema, left.name) < (right.database ?? "", right.schema, right.name)
    }
}

extension TableName: CustomStringConvertible {
    /// `schema.name`, each part quoted where SQL would need it; `database/schema.name` with a database.
    package var description: String {
        let local = "\(SQLIdentifier.quotedIfNeeded(schema)).\(SQLIdentifier.quotedIfNeeded(name))"
        return database.map { "\(SQLIdentifier.quotedIfNeeded($0))/\(local)" } ?? local
    }
}
