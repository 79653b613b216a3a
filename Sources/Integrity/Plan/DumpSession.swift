import Backups

/// The session at one place of a dump: its database, search path and settings.
struct DumpSession {
    /// Deduplicated; index 0 is a session in which nothing was set.
    private(set) var contexts = [SessionContext()]
    private(set) var context = 0
    /// What tables are labelled with: a database's name from pg_dumpall, or of the second database on.
    private(set) var databaseLabel: String?
    private(set) var databases: [String] = []
    /// Where unqualified names live. Dumps made before 10.3 set it and leave names bare.
    private var schema = "public"
    private var indexes: [SessionContext: Int] = [SessionContext(): 0]
    private var firstConnected: String?
    /// Tables of the indexes and keys created, to know what `ALTER INDEX … ATTACH PARTITION` is about.
    private var tablesOfIndexes: [TableName: TableName] = [:]
    private var lastInsert: (head: [UInt8], table: TableName)?

    init() {}

    /// A session in which `context` is in force already.
    init(replaying context: SessionContext, on dump: inout DumpLexer) {
        for (_, statement) in context.statements {
            let cursor = StatementCursor(
                statement, standardStrings: dump.lexer.standardStrings, encoding: dump.lexer.encoding)
            let facts = StatementClassifier.classify(cursor)
            guard case .setting(let name, let value, _) = facts.category else { continue }
            take(name, value, statement: statement, on: &dump)
        }
    }

    func resolve(_ name: StatementFacts.Name) -> TableName {
        TableName(database: databaseLabel, schema: name.schema ?? schema, name: name.name)
    }

    mutating func note(database: String) {
        if !databases.contains(database) { databases.append(database) }
    }

    /// `\connect`: a new session.
    mutating func connect(to database: String, isCluster: Bool) {
        note(database: database)
        let first = firstConnected ?? database
        firstConnected = first
        databaseLabel = isCluster || database != first ? database : nil
        context = 0
        schema = "public"
    }

    /// `\encoding`: what it does to the session.
    /// - Returns: the statement that does the same.
    mutating func setEncoding(_ name: String, on dump: inout DumpLexer) -> [UInt8] {
        let statement = Array("SET client_encoding TO '\(name)'".utf8)
        take("client_encoding", name, statement: statement, on: &dump)
        return statement
    }

    mutating func apply(_ name: String, value: String?, statement: [UInt8]) {
        if name == "search_path" {
            let first = (value ?? "").prefix(while: { $0 != "," }).trimming { $0 == " " || $0 == "\"" }
            schema = first.isEmpty || first == "$user" ? "public" : first
        }
        var changed = contexts[context]
        if name == "all" { changed.statements = [] }
        if let index = changed.statements.firstIndex(where: { $0.name == name }) {
            changed.statements[index].statement = statement
        } else {
            changed.statements.append((name, statement))
        }
        context = index(of: changed)
    }

    /// Reads a statement just seen and lets it take effect on the session, and on the lexer that reads on.
    mutating func interpret(_ dump: inout DumpLexer) -> InterpretedStatement {
        if dump.isInsert, let lastInsert, dump.text.starts(with: lastInsert.head) {
            return InterpretedStatement(category: .insert, table: lastInsert.table)
        }
        let cursor = StatementCursor(
            dump.text, standardStrings: dump.lexer.standardStrings, encoding: dump.lexer.encoding)
        let facts = StatementClassifier.classify(cursor)
        var interpreted = InterpretedStatement(category: facts.category)
        interpreted.facts = facts
        switch facts.kind {
        case .insert(let name):
            interpreted.table = resolve(name)
            rememberInsert(cursor, resolve(name))
        case .copy(let name): interpreted.table = resolve(name)
        default: interpreted.kind = kind(of: facts.kind)
        }
        if case .setting(let name, let value, let isLocal) = facts.category {
            if isLocal {
                setLexer(name, value, on: &dump)
            } else {
                take(name, value, statement: dump.text, on: &dump)
            }
        }
        return interpreted
    }

    private mutating func take(_ name: String, _ value: String?, statement: [UInt8], on dump: inout DumpLexer) {
        setLexer(name, value, on: &dump)
        apply(name, value: value, statement: statement)
    }

    private func setLexer(_ name: String, _ value: String?, on dump: inout DumpLexer) {
        if name == "client_encoding" { dump.lexer.encoding = value.map { ClientEncoding($0) } ?? .utf8 }
        if name == "standard_conforming_strings" { dump.lexer.standardStrings = value != "off" && value != "false" }
    }

    private mutating func rememberInsert(_ cursor: StatementCursor, _ table: TableName) {
        var cursor = cursor
        guard cursor.skip("insert", "into"), cursor.qualifiedName() != nil, let next = cursor.current else { return }
        lastInsert = (Array(cursor.text[..<next.range.upperBound]), table)
    }

    private mutating func kind(of shape: StatementFacts.Shape) -> StatementKind {
        switch shape {
        case .createTable(let name, let parent, let ancestors, let isForeign, _):
            return .createTable(
                resolve(name), partitionOf: parent.map { resolve($0) }, inherits: ancestors.map { resolve($0) },
                isForeign: isForeign)
        case .attachPartition(let parent, let child):
            return .attachPartition(parent: resolve(parent), child: resolve(child))
        case .createIndex(let name, let index):
            let table = resolve(name)
            if let index { remember(index, of: table) }
            return .createIndex(table, index: index)
        case .attachIndex(let parent, let child):
            guard let parent = tablesOfIndexes[resolve(parent)], let child = tablesOfIndexes[resolve(child)] else {
                return .barrier
            }
            return .attachIndex(parent: parent, child: child)
        case .addConstraint(let name, let constraint):
            let table = resolve(name)
            if let constraint { remember(constraint, of: table) }
            return .addConstraint(table, name: constraint)
        case .addForeignKey(let name, let target):
            return .addForeignKey(resolve(name), references: resolve(target))
        case .alterTable(let name): return .alterTable(resolve(name))
        case .createDatabase(let name):
            note(database: name)
            return .createDatabase(name)
        case .createExtension(let name): return .createExtension(name)
        case .createRole(let name): return .createRole(name)
        case .comment: return .comment
        case .insert, .copy, .other: return .barrier
        }
    }

    /// An index lives in the schema of its table.
    private mutating func remember(_ index: String, of table: TableName) {
        tablesOfIndexes[TableName(database: table.database, schema: table.schema, name: index)] = table
    }

    private mutating func index(of wanted: SessionContext) -> Int {
        if let known = indexes[wanted] { return known }
        contexts.append(wanted)
        indexes[wanted] = contexts.count - 1
        return contexts.count - 1
    }
}

extension StringProtocol {
    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> String {
        let head = drop(while: isTrimmed)
        let kept = head.reversed().drop(while: isTrimmed).reversed()
        return String(kept)
    }
}
