/// Reads a statement's head, and as much of the rest as its kind asks for. Knows the statements that pg_dump and pg_dumpall
/// write (PostgreSQL 15 src/bin/pg_dump/pg_dump.c, pg_dumpall.c, dumputils.c); all else is `.other`.
struct StatementClassifier {
    var cursor: StatementCursor
    var facts = StatementFacts()

    static func classify(_ cursor: StatementCursor) -> StatementFacts {
        var classifier = StatementClassifier(cursor: cursor)
        classifier.run()
        return classifier.facts
    }

    private mutating func run() {
        let whole = cursor
        guard let verb = cursor.word else { return }
        cursor.advance()
        switch verb {
        case "create": create()
        case "alter": alter()
        case "insert": insert()
        case "copy": facts.kind = CopyStatement(whole).map { .copy($0.table) } ?? .other
        case "select": select()
        case "set": set()
        case "reset": reset()
        case "grant": grant()
        case "revoke": revoke()
        case "comment", "security":
            facts.kind = .comment
            commentedRole()
        case "begin": facts.category = .transactionBegin
        case "start":
            if cursor.isWord("transaction") { facts.category = .transactionBegin }
        case "commit", "end", "rollback", "abort":
            facts.category = .transactionEnd
        case "prepare", "execute", "declare", "fetch", "lock", "savepoint", "listen", "load", "release":
            facts.needsOneSession = true
        default: break
        }
    }

    private mutating func insert() {
        guard cursor.skip("into"), let name = cursor.qualifiedName() else { return }
        facts.category = .insert
        facts.kind = .insert(name)
    }

    private mutating func select() {
        guard let call = cursor.qualifiedName(), call.schema == nil || call.schema == "pg_catalog" else { return }
        switch call.name {
        case "set_config":
            guard cursor.skipSymbol(.openParenthesis), let name = cursor.string(), cursor.skipSymbol(.comma) else {
                return
            }
            let value = cursor.string()
            let isLocal = cursor.skipSymbol(.comma) && cursor.isWord("true")
            facts.category = .setting(name: name.lowercased(), value: value, isLocal: isLocal)
            facts.needsOneSession = isLocal
        case "lo_open", "lowrite", "lo_close":
            facts.category = .largeObjectData
            // Up to 8.4: `lo_open(lo_create('16400'), 131072)`.
            if cursor.skipSymbol(.openParenthesis), let made = cursor.qualifiedName()?.name, made.hasPrefix("lo_creat")
            {
                facts.largeObjects = 1
            }
        case "lo_create", "lo_creat", "lo_from_bytea": facts.largeObjects = 1
        default: break
        }
    }

    // MARK: - Settings

    private mutating func set() {
        let isLocal = cursor.skip("local")
        if cursor.skip("session", "authorization") {
            let role = cursor.string() ?? cursor.name()
            if let role, role != "default" { note(role: role) }
            return setting("session_authorization", role, isLocal)
        }
        _ = cursor.skip("session")
        if cursor.isWord("characteristics") || cursor.isWord("transaction") || cursor.isWord("constraints") {
            facts.needsOneSession = true
            return
        }
        if cursor.skip("role") {
            let role = cursor.string() ?? cursor.name()
            if let role, role != "none" { note(role: role) }
            return setting("role", role, isLocal)
        }
        if cursor.skip("time", "zone") { return setting("timezone", cursor.string() ?? cursor.word, isLocal) }
        if cursor.skip("names") { return setting("client_encoding", cursor.string() ?? cursor.word, isLocal) }
        guard let name = cursor.qualifiedName() else { return }
        if !cursor.skipSymbol(.equals) { _ = cursor.skip("to") }
        let value = cursor.string() ?? cursor.name()
        setting((name.schema.map { "\($0)." } ?? "") + name.name.lowercased(), value, isLocal)
    }

    private mutating func reset() {
        if cursor.skip("session", "authorization") { return setting("session_authorization", nil, false) }
        guard let name = cursor.qualifiedName() else { return }
        setting((name.schema.map { "\($0)." } ?? "") + name.name, nil, false)
    }

    private mutating func setting(_ name: String, _ value: String?, _ isLocal: Bool) {
        facts.category = .setting(name: name, value: value, isLocal: isLocal)
        facts.needsOneSession = isLocal
    }

    // MARK: - Roles

    /// Keeps a role that a statement names, unless it is one of the words that stand for no role in particular.
    mutating func note(role: String) {
        switch role {
        case "public", "current_user", "session_user", "current_role": break
        default: facts.roles.append(role)
        }
    }

    /// `a, "B", GROUP c`.
    mutating func noteRoles() {
        repeat {
            _ = cursor.skip("group")
            guard let role = cursor.name() else { return }
            note(role: role)
        } while cursor.skipSymbol(.comma)
    }

    /// `GRANT privileges ON … TO roles`, or `GRANT roles TO roles`.
    mutating func grant() {
        let start = cursor
        if cursor.find("on") {
            if cursor.find("to") { noteRoles() }
        } else {
            cursor = start
            noteRoles()
            if cursor.find("to") { noteRoles() }
        }
        if cursor.find("granted", "by") { noteRoles() }
    }

    mutating func revoke() {
        let start = cursor
        if cursor.find("on") {
            if cursor.find("from") { noteRoles() }
        } else {
            cursor = start
            _ = cursor.skip("admin", "option", "for")
            noteRoles()
            if cursor.find("from") { noteRoles() }
        }
        if cursor.find("granted", "by") { noteRoles() }
    }

    private mutating func commentedRole() {
        guard cursor.find("on", "role") else { return }
        noteRoles()
    }
}
