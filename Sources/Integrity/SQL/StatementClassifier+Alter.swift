extension StatementClassifier {
    mutating func alter() {
        let start = cursor
        if cursor.skip("default", "privileges") { return alterDefaultPrivileges() }
        if cursor.skip("role") || cursor.skip("user") || cursor.skip("group") {
            guard !cursor.skip("mapping") else {
                if cursor.skip("for") { noteRoles() }
                return
            }
            if !cursor.isWord("all") { noteRoles() }
            return
        }
        if cursor.find("owner", "to") { noteRoles() }
        cursor = start
        if cursor.skip("index") { return alterIndex() }
        _ = cursor.skip("foreign")
        if cursor.skip("table") { alterTable() }
    }

    private mutating func alterDefaultPrivileges() {
        if cursor.skip("for", "role") || cursor.skip("for", "user") { noteRoles() }
        while !cursor.isAtEnd {
            if cursor.skip("grant") { return grant() }
            if cursor.skip("revoke") { return revoke() }
            cursor.advance()
        }
    }

    private mutating func alterIndex() {
        _ = cursor.skip("if", "exists")
        guard let parent = cursor.qualifiedName(), cursor.skip("attach", "partition"),
            let child = cursor.qualifiedName()
        else { return }
        facts.kind = .attachIndex(parent: parent, child: child)
    }

    private mutating func alterTable() {
        _ = cursor.skip("if", "exists")
        _ = cursor.skip("only")
        guard let table = cursor.qualifiedName() else { return }
        _ = cursor.skipSymbol(UInt8(ascii: "*"))
        if cursor.skip("attach", "partition") {
            guard let child = cursor.qualifiedName() else { return }
            facts.kind = .attachPartition(parent: table, child: child)
            return
        }
        if cursor.skip("add", "constraint") { return addConstraint(to: table) }
        if cursor.isWord("add") {
            let isKey = cursor.skip("add") && (cursor.isWord("primary") || cursor.isWord("unique"))
            facts.kind = isKey ? .addConstraint(table, name: nil) : .other
            return
        }
        if isAboutOneTable { facts.kind = .alterTable(table) }
    }

    /// Actions whose locks are on this one table only. `INHERIT`, `DETACH`, `OF` and the unknown are not among them.
    private var isAboutOneTable: Bool {
        switch cursor.word {
        case "cluster", "enable", "disable", "force", "no", "replica", "owner", "alter", "set", "validate": true
        default: false
        }
    }

    private mutating func addConstraint(to table: StatementFacts.Name) {
        let name = cursor.name()
        if cursor.isWord("foreign") {
            guard cursor.find("references"), let target = cursor.qualifiedName() else { return }
            facts.kind = .addForeignKey(table, references: target)
        } else {
            facts.kind = .addConstraint(table, name: name)
        }
    }
}
