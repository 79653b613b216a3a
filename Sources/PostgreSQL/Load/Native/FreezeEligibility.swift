import Backups
import Integrity

/// Finds the COPY blocks whose table may be truncated first.
///
/// Only a table that this load created, that is no partitioned one or foreign, whose rows all come in this one block, and
/// that has no trigger, rule or constraint with another table yet: a TRUNCATE would fire, or take away, what is there.
struct FreezeEligibility {
    private var created: Set<TableName> = []
    private var parents: Set<TableName> = []
    private var blocks: [TableName: Int] = [:]
    private var changed: Set<TableName> = []
    private var candidates: [TableName: Int] = [:]

    static func entries(of plan: LoadPlan, in range: Range<Int>) -> Set<Int> {
        guard !plan.needsOneSession else { return [] }
        var eligibility = FreezeEligibility()
        for index in range { eligibility.read(plan.entries[index], at: index) }
        return Set(
            eligibility.candidates.filter { table, _ in
                eligibility.blocks[table] == 1 && !eligibility.parents.contains(table)
            }.values)
    }

    private mutating func read(_ entry: PlanEntry, at index: Int) {
        switch entry.kind {
        case .copy(let block):
            blocks[block.table, default: 0] += 1
            if created.contains(block.table), !changed.contains(block.table) { candidates[block.table] = index }
        case .bulk(let run):
            for table in run.rows.keys { blocks[table, default: 0] += 2 }
        case .statement(let kind): read(kind, entry.text ?? [])
        default: break
        }
    }

    private mutating func read(_ kind: StatementKind, _ text: [UInt8]) {
        switch kind {
        case .createTable(let table, let parent, _, let isForeign):
            if isForeign { changed.insert(table) }
            if let parent { parents.insert(parent) }
            created.insert(table)
        case .attachPartition(let parent, _): parents.insert(parent)
        case .addConstraint(let table, _): changed.insert(table)
        case .addForeignKey(let table, let target):
            changed.insert(table)
            changed.insert(target)
        case .alterTable(let table) where !StatementText(text.prefix(64)).begins(with: "ALTER TABLE"):
            changed.insert(table)
        default: break
        }
    }
}
