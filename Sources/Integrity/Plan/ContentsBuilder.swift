import Backups

/// Counts what a dump holds.
struct ContentsBuilder {
    private(set) var contents = DumpContents()
    /// Tables created; foreign ones are not among them.
    private var created: [TableName] = []
    private var partitioned: Set<TableName> = []
    /// Rows of one `INSERT` after another: looked up once.
    private var lastCounted: (table: TableName, rows: UInt64)?
    private var uncounted: Set<TableName> = []
    private var parents: [TableName: TableName] = [:]

    mutating func count(_ rows: UInt64, in table: TableName) {
        if let last = lastCounted, last.table == table {
            lastCounted?.rows = last.rows + rows
        } else {
            settle()
            lastCounted = (table, rows)
        }
    }

    /// An `INSERT` without `VALUES`: what it adds can't be told from its text, so the table is not listed at all.
    mutating func giveUpCounting(_ table: TableName) {
        uncounted.insert(table)
        contents.hasData = true
    }

    private mutating func settle() {
        guard let last = lastCounted else { return }
        contents.rows[last.table, default: 0] += last.rows
        contents.hasData = true
        lastCounted = nil
    }

    mutating func add(_ statement: InterpretedStatement) {
        guard let facts = statement.facts else { return }
        contents.roles.formUnion(facts.roles)
        contents.createdRoles.formUnion(facts.createdRoles)
        if facts.createsSchema { contents.hasSchema = true }
        if facts.largeObjects > 0 {
            contents.largeObjects += facts.largeObjects
            contents.hasData = true
        }
        if case .setting("row_security", let value, _) = facts.category, value == "on" {
            contents.underRowSecurity = true
        }
        addTable(statement.kind, facts)
    }

    private mutating func addTable(_ kind: StatementKind, _ facts: StatementFacts) {
        switch kind {
        case .createTable(let table, let parent, _, let isForeign):
            if case .createTable(_, _, _, _, true) = facts.kind { partitioned.insert(table) }
            if let parent { parents[table] = parent }
            if !isForeign { created.append(table) }
        case .attachPartition(let parent, let child): parents[child] = parent
        case .createExtension(let name):
            if !contents.extensions.contains(name) { contents.extensions.append(name) }
        default: break
        }
    }

    mutating func finish(header: DumpHeader, databases: [String]) -> DumpContents {
        settle()
        contents.header = header
        contents.databases = databases
        for table in created where contents.rows[table] == nil && !partitioned.contains(table) {
            if !isLoadedViaRoot(table) { contents.rows[table] = 0 }
        }
        for table in uncounted { contents.rows[table] = nil }
        contents.uncounted = uncounted
        return contents
    }

    /// Whether the dump sends this partition's rows through a table above it.
    private func isLoadedViaRoot(_ table: TableName) -> Bool {
        var above = parents[table]
        var steps = 0
        while let parent = above, steps < 100 {
            if partitioned.contains(parent), contents.rows[parent] != nil { return true }
            above = parents[parent]
            steps += 1
        }
        return false
    }
}
