extension StatementClassifier {
    mutating func create() {
        _ = cursor.skip("or", "replace")
        let isUnique = cursor.skip("unique")
        if isUnique || cursor.isWord("index") { return createIndex() }
        if cursor.skip("role") || cursor.skip("group") { return createRole() }
        if cursor.skip("user") {
            return cursor.skip("mapping") ? createUserMapping() : createRole()
        }
        if cursor.skip("database") {
            if let name = cursor.name() { facts.kind = .createDatabase(name) }
            if cursor.find("owner") {
                _ = cursor.skipSymbol(.equals)
                noteRoles()
            }
            return
        }
        if cursor.skip("tablespace") {
            if cursor.find("owner") { noteRoles() }
            return
        }
        if cursor.skip("extension") {
            _ = cursor.skip("if", "not", "exists")
            if let name = cursor.name() { facts.kind = .createExtension(name) }
            return
        }
        facts.createsSchema = true
        createOther()
    }

    private mutating func createOther() {
        if cursor.skip("schema") {
            if cursor.find("authorization") { noteRoles() }
            return
        }
        if cursor.skip("policy") { return createPolicy() }
        if cursor.skip("statistics") {
            if cursor.find("from"), let table = cursor.qualifiedName() { facts.kind = .alterTable(table) }
            return
        }
        if cursor.skip("trigger") || cursor.skip("constraint", "trigger") {
            if cursor.find("on"), let table = cursor.qualifiedName() { facts.kind = .alterTable(table) }
            return
        }
        _ = cursor.skip("global") || cursor.skip("local")
        if cursor.skip("temp") || cursor.skip("temporary") {
            facts.needsOneSession = true
            return
        }
        _ = cursor.skip("unlogged")
        let isForeign = cursor.skip("foreign")
        if cursor.skip("table") { createTable(isForeign: isForeign) }
    }

    private mutating func createTable(isForeign: Bool) {
        _ = cursor.skip("if", "not", "exists")
        guard let name = cursor.qualifiedName() else { return }
        var parent: StatementFacts.Name?
        if cursor.skip("partition", "of") { parent = cursor.qualifiedName() }
        let afterName = cursor
        var ancestors: [StatementFacts.Name] = []
        if cursor.find("inherits") { ancestors = names() } else { cursor = afterName }
        let isPartitioned = cursor.find("partition", "by")
        facts.kind = .createTable(
            name, partitionOf: parent, inherits: ancestors, isForeign: isForeign, isPartitioned: isPartitioned)
    }

    /// `(a, b.c)`.
    private mutating func names() -> [StatementFacts.Name] {
        var names: [StatementFacts.Name] = []
        guard cursor.skipSymbol(.openParenthesis) else { return names }
        repeat {
            guard let name = cursor.qualifiedName() else { return names }
            names.append(name)
        } while cursor.skipSymbol(.comma)
        _ = cursor.skipSymbol(.closeParenthesis)
        return names
    }

    private mutating func createIndex() {
        facts.createsSchema = true
        guard cursor.skip("index") else { return }
        _ = cursor.skip("concurrently")
        _ = cursor.skip("if", "not", "exists")
        let index = cursor.isWord("on") ? nil : cursor.name()
        guard cursor.skip("on") else { return }
        _ = cursor.skip("only")
        if let table = cursor.qualifiedName() { facts.kind = .createIndex(table, index: index) }
    }

    private mutating func createRole() {
        guard let name = cursor.name() else { return }
        facts.kind = .createRole(name)
        facts.createdRoles.append(name)
        facts.roles.append(name)
    }

    private mutating func createUserMapping() {
        facts.createsSchema = true
        _ = cursor.skip("if", "not", "exists")
        if cursor.skip("for") { noteRoles() }
    }

    /// Its expressions may look at other tables, so it shares a table with them: only a policy without a query is known
    /// to touch one table.
    private mutating func createPolicy() {
        guard cursor.find("on"), let table = cursor.qualifiedName() else { return }
        let afterTable = cursor
        if cursor.find("to") { noteRoles() }
        cursor = afterTable
        facts.kind = cursor.containsQuery ? .other : .alterTable(table)
    }
}

extension StatementCursor {
    /// Whether `SELECT` stands inside parentheses from here on.
    fileprivate var containsQuery: Bool {
        var rest = self
        var depth = 0
        while !rest.isAtEnd {
            if rest.isSymbol(.openParenthesis) { depth += 1 }
            if rest.isSymbol(.closeParenthesis) { depth -= 1 }
            if depth > 0, rest.isWord("select") { return true }
            rest.advance()
        }
        return false
    }
}
