import Backups

/// What one statement says that matters to a verification. Names are as the statement writes them, decoded.
struct StatementFacts {
    enum Category: Equatable {
        case sql
        /// `SET name …`, `RESET name`, `SELECT set_config('name', …)`. A local one ends with its transaction.
        case setting(name: String, value: String?, isLocal: Bool)
        case insert
        /// `lo_open`, `lowrite`, `lo_close`.
        case largeObjectData
        case transactionBegin, transactionEnd
    }

    /// A table's name before the search path is applied.
    typealias Name = (schema: String?, name: String)

    var category = Category.sql
    var kind = Shape.other
    var roles: [String] = []
    var createdRoles: [String] = []
    var createsSchema = false
    var largeObjects: UInt64 = 0
    /// Works only in the session, or transaction, of what stands around it.
    var needsOneSession = false

    /// ``StatementKind`` before names are resolved.
    enum Shape {
        case createTable(Name, partitionOf: Name?, inherits: [Name], isForeign: Bool, isPartitioned: Bool)
        case attachPartition(parent: Name, child: Name)
        case createIndex(Name, index: String?)
        case attachIndex(parent: Name, child: Name)
        case addConstraint(Name, name: String?)
        case addForeignKey(Name, references: Name)
        case alterTable(Name)
        case createDatabase(String)
        case createExtension(String)
        case createRole(String)
        case insert(Name)
        case copy(Name)
        case comment
        case other
    }
}
