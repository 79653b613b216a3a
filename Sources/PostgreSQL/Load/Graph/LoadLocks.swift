import Backups
import Integrity

/// Says what each entry of a plan locks, and how much work it is.
///
/// Weights are about time, see ``WorkWeight``.
struct LoadLocks {
    private let families: TableFamily
    private var resources: [Resource: Int] = [:]
    /// Rows that the plan loads into each table.
    private let rows: [TableName: UInt64]

    private enum Resource: Hashable {
        case table(TableName)
        /// The tree that a table belongs to. What concerns one table reads it, what concerns all of the tree writes it.
        case family(TableName)
        /// The check of a table's rows against a foreign key: one at a time (SHARE UPDATE EXCLUSIVE).
        case validation(TableName)
    }

    init(_ entries: ArraySlice<PlanEntry>) {
        families = TableFamily(entries)
        var rows: [TableName: UInt64] = [:]
        for entry in entries {
            if case .copy(let block) = entry.kind { rows[block.table, default: 0] += block.rows }
            if case .bulk(let run) = entry.kind { rows.merge(run.rows, uniquingKeysWith: +) }
        }
        self.rows = rows
    }

    /// - Returns: `nil` for what is no work.
    mutating func node(for entry: PlanEntry, at index: Int) -> LoadNode? {
        var node = LoadNode(entry: index)
        switch entry.kind {
        case .setting, .connect, .restriction: return nil
        case .refused: node.isBarrier = true
        case .copy(let block):
            write(block.table, &node)
            node.weight = WorkWeight.copy(bytes: block.dataLength, rows: block.rows)
        case .bulk(let run):
            // Without a table these are large objects, which lock no table.
            for table in run.rows.keys.sorted() { write(table, &node) }
            node.weight = WorkWeight.inserts(bytes: entry.length)
        case .statement(let kind): lock(kind, entry.text ?? [], &node)
        }
        return node
    }

    /// The check of the rows of a foreign key, where it can be made apart from the key.
    /// - Returns: `nil` for every other entry: then ``node(for:at:)`` is all of it.
    mutating func validation(of entry: PlanEntry, at index: Int) -> LoadNode? {
        guard case .statement(.addForeignKey(let one, let other)) = entry.kind, !families.parents.contains(one),
            !families.parents.contains(other), SplitForeignKey(entry.text ?? []) != nil
        else { return nil }
        var node = LoadNode(entry: index)
        node.part = .validation
        for table in [one, other] {
            node.reads += [resource(.table(table)), resource(.family(families.root(of: table)))]
        }
        node.writes = [resource(.validation(one))]
        node.weight = WorkWeight.pass(rows: rows[one, default: 0])
        return node
    }

    private mutating func lock(_ kind: StatementKind, _ text: [UInt8], _ node: inout LoadNode) {
        switch kind {
        case .createIndex(let table, _):
            // Two may be built on one table at once; on a partitioned table each reaches down unless ONLY says no.
            if families.parents.contains(table), !StatementText(text).contains("ON ONLY") {
                writeFamily(table, &node)
            } else {
                node.reads += [resource(.table(table)), resource(.family(families.root(of: table)))]
            }
            node.weight = WorkWeight.pass(rows: rows[table, default: 0])
        case .addConstraint(let table, _):
            write(table, &node)
            node.weight = WorkWeight.pass(rows: rows[table, default: 0])
        case .alterTable(let table): write(table, &node)
        case .attachIndex(let one, let other):
            write(one, &node)
            write(other, &node)
        case .addForeignKey(let one, let other):
            writeFamily(one, &node)
            writeFamily(other, &node)
            node.weight = WorkWeight.pass(rows: rows[one, default: 0])
        case .attachPartition(let parent, _): writeFamily(parent, &node)
        case .barrier where Self.isSequencePosition(text): break
        case .createTable, .createDatabase, .createExtension, .createRole, .comment, .barrier: node.isBarrier = true
        }
    }

    /// `SELECT pg_catalog.setval(…)`: a sequence belongs to no table as far as locks go.
    private static func isSequencePosition(_ text: [UInt8]) -> Bool {
        text.starts(with: Array("SELECT pg_catalog.setval(".utf8))
    }

    /// Locks one table; with tables below it, all of them.
    private mutating func write(_ table: TableName, _ node: inout LoadNode) {
        if families.parents.contains(table) { return writeFamily(table, &node) }
        node.reads.append(resource(.family(families.root(of: table))))
        node.writes.append(resource(.table(table)))
    }

    private mutating func writeFamily(_ table: TableName, _ node: inout LoadNode) {
        node.writes.append(resource(.family(families.root(of: table))))
        node.writes.append(resource(.table(table)))
    }

    private mutating func resource(_ resource: Resource) -> LoadNode.Resource {
        if let known = resources[resource] { return known }
        resources[resource] = resources.count
        return resources.count - 1
    }
}
