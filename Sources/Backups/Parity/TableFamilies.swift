/// Which partitions belong to which partitioned table: its topmost root.
///
/// A dump names the leaves, each with its own rows; with `--load-via-partition-root` it names the root, and the server
/// deals the rows out, perhaps to other leaves than they came from. So wherever one side has rows under the root's
/// name, the whole family is compared as one sum under that name; everywhere else leaf by leaf.
package struct TableFamilies: Sendable, Equatable {
    /// Leaf → topmost root.
    package var roots: [TableName: TableName]

    package init(roots: [TableName: TableName] = [:]) {
        self.roots = roots
    }

    /// Roots that have rows under their own name on either side.
    package func summed(_ left: [TableName: UInt64], _ right: [TableName: UInt64]) -> Set<TableName> {
        Set(roots.values).filter { (left[$0] ?? 0) > 0 || (right[$0] ?? 0) > 0 }
    }

    /// `rows` with each family in `summed` as one entry under its root, and no entry for any other root (it has no
    /// rows of its own).
    package func gather(_ rows: [TableName: UInt64], summing summed: Set<TableName>) -> [TableName: UInt64] {
        let allRoots = Set(roots.values)
        var gathered: [TableName: UInt64] = [:]
        for (table, count) in rows {
            if let root = roots[table], summed.contains(root) {
                gathered[root, default: 0] += count
            } else if summed.contains(table) {
                gathered[table, default: 0] += count
            } else if !allRoots.contains(table) {
                gathered[table] = count
            }
        }
        return gathered
    }
}
