import Backups
import Integrity

/// Picks from a plan what belongs to some tables.
///
/// Kept: the tables asked for, those above them (inheritance, partitioning) and the partitions below them, with their
/// data, indexes, constraints and triggers; foreign keys between two tables that are both kept; and every statement that
/// is not known to be about another table (types, functions, views, grants, …). What of those is about something left
/// out fails, and is counted by ``SelectionRules``.
struct PlanSelection {
    private let tables: Set<TableName>
    private let schemas: Set<String>

    init(_ options: LoadOptions) {
        tables = options.tables
        schemas = options.schemas
    }

    func select(from plan: LoadPlan) -> LoadPlan {
        let kept = closure(in: plan)
        let left = created(in: plan).subtracting(kept)
        var selected = plan
        selected.entries = plan.entries.filter { isKept($0, kept, left) }
        return selected
    }

    private func created(in plan: LoadPlan) -> Set<TableName> {
        plan.entries.reduce(into: []) { tables, entry in
            if case .statement(.createTable(let table, _, _, _)) = entry.kind { tables.insert(table) }
        }
    }

    private func isAskedFor(_ table: TableName) -> Bool {
        schemas.contains(table.schema) || tables.contains(TableName(schema: table.schema, name: table.name))
            || tables.contains(table)
    }

    private func closure(in plan: LoadPlan) -> Set<TableName> {
        var above: [TableName: [TableName]] = [:]
        var partitions: [TableName: [TableName]] = [:]
        var kept: Set<TableName> = []
        for entry in plan.entries {
            switch entry.kind {
            case .statement(.createTable(let table, let parent, let ancestors, _)):
                if isAskedFor(table) { kept.insert(table) }
                if let parent { partitions[parent, default: []].append(table) }
                above[table, default: []] += ancestors + (parent.map { [$0] } ?? [])
            case .statement(.attachPartition(let parent, let child)):
                partitions[parent, default: []].append(child)
                above[child, default: []].append(parent)
            case .copy(let block): if isAskedFor(block.table) { kept.insert(block.table) }
            case .bulk(let run): kept.formUnion(run.rows.keys.filter(isAskedFor))
            default: break
            }
        }
        let below = Self.reached(from: kept, over: partitions)
        return Self.reached(from: below, over: above)
    }

    private static func reached(from start: Set<TableName>, over edges: [TableName: [TableName]]) -> Set<TableName> {
        var reached = start
        var open = Array(start)
        while let next = open.popLast() {
            for table in edges[next] ?? [] where reached.insert(table).inserted { open.append(table) }
        }
        return reached
    }

    /// - Parameter left: the tables that are left out.
    private func isKept(_ entry: PlanEntry, _ kept: Set<TableName>, _ left: Set<TableName>) -> Bool {
        switch entry.kind {
        case .copy(let block): return kept.contains(block.table)
        case .bulk(let run): return run.rows.isEmpty || run.rows.keys.contains(where: kept.contains)
        case .statement(let kind):
            switch kind {
            case .createTable(let table, _, _, _), .createIndex(let table, _), .addConstraint(let table, _):
                return kept.contains(table)
            // pg_dump gives sequences and views their owner with ALTER TABLE.
            case .alterTable(let table): return !left.contains(table)
            case .attachPartition(let one, let other), .attachIndex(let one, let other),
                .addForeignKey(let one, let other):
                return kept.contains(one) && kept.contains(other)
            case .createDatabase, .createExtension, .createRole, .comment, .barrier: return true
            }
        case .setting, .connect, .restriction, .refused: return true
        }
    }
}
