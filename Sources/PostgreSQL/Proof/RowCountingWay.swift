/// Where ``RowCounter`` finds the rows of a table.
package enum RowCountingWay: Sendable {
    /// Wherever the planner thinks that it is fastest.
    case fastest
    /// In the table itself, never in an index of it.
    case tables
    /// In a B-tree of it, and in the table only where that does not know whether a row is seen (PostgreSQL 18 documentation, "11.9.
    /// Index-Only Scans and Covering Indexes"): tables that have no index of all rows are left out.
    case indexes

    /// For the open transaction.
    var settings: String? {
        func off(_ names: String...) -> String {
            names.map { "SET LOCAL enable_\($0) = off" }.joined(separator: "; ")
        }
        return switch self {
        case .fastest: nil
        case .tables: off("indexscan", "indexonlyscan", "bitmapscan")
        case .indexes: off("seqscan", "bitmapscan")
        }
    }
}

/// Whose tables ``RowCounter`` counts.
package enum RowCountingScope: Sendable {
    /// Users' own.
    case users
    /// The system catalogs of a database, those that it shares with others included.
    case catalog
}
