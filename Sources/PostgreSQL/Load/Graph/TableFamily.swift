import Backups
import Integrity

/// Tables that hang together: a partitioned table with all its partitions, a table with all that inherit from it.
/// A statement on one above locks those below.
struct TableFamily {
    private var roots: [TableName: TableName] = [:]
    /// Tables with others below them.
    private(set) var parents: Set<TableName> = []

    init(_ entries: some Sequence<PlanEntry>) {
        for entry in entries {
            switch entry.kind {
            case .statement(.createTable(let table, let parent, let ancestors, _)):
                for above in ancestors + (parent.map { [$0] } ?? []) { join(table, under: above) }
            case .statement(.attachPartition(let parent, let child)): join(child, under: parent)
            default: break
            }
        }
    }

    /// One table that stands for its whole family; a table without relatives stands for itself.
    func root(of table: TableName) -> TableName {
        var root = table
        while let next = roots[root] { root = next }
        return root
    }

    private mutating func join(_ child: TableName, under parent: TableName) {
        parents.insert(parent)
        let (below, above) = (root(of: child), root(of: parent))
        if below != above { roots[below] = above }
    }
}
