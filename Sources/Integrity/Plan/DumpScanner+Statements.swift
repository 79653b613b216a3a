import Backups

/// What each statement, block and command adds to the contents and to the plan.
extension DumpScanner {
    mutating func statement() throws {
        statements += 1
        let rows = dump.insertedRows
        let statement = session.interpret(&dump)
        contents.add(statement)
        if case .transactionBegin = statement.category {
            settleTransaction(isLargeObject: false)
            transaction = .begun(at: dump.start, until: dump.endOffset, text: dump.text)
            return
        }
        if case .transactionEnd = statement.category { return endTransaction() }
        settleTransaction(isLargeObject: statement.category == .largeObjectData)
        switch statement.category {
        case .insert:
            announced.insert()
            guard let table = statement.table else { return }
            if rows > 0 { contents.count(rows, in: table) } else { contents.giveUpCounting(table) }
            addData(to: table, rows: rows)
        case .largeObjectData: addData(to: nil, rows: 0)
        case .setting(let name, let value, _):
            if name == "client_encoding", let value { outline.setEncoding(value) }
            add(.setting)
        default: add(.statement(statement.kind))
        }
        if statement.facts?.needsOneSession == true { plan.needOneSession() }
    }

    /// Decides what the transaction is about when the statement after `BEGIN` is seen.
    mutating func settleTransaction(isLargeObject: Bool) {
        switch transaction {
        case .begun(let start, let end, let text):
            if isLargeObject {
                marks.note(.data)
                plan.addData(to: nil, rows: 0, at: start, until: end, context: session.context)
                transaction = .largeObjects
            } else {
                plan.needOneSession()
                plan.add(.statement(.barrier), at: start, until: end, text: text, context: session.context)
                transaction = .explicit
            }
        case .largeObjects where !isLargeObject:
            plan.needOneSession()
            transaction = .explicit
        default: break
        }
    }

    mutating func endTransaction() {
        if case .largeObjects = transaction {
            addData(to: nil, rows: 0)
        } else {
            settleTransaction(isLargeObject: false)
            plan.needOneSession()
            add(.statement(.barrier))
        }
        transaction = .none
    }

    mutating func add(_ kind: PlanEntry.Kind) {
        marks.note(.statement)
        plan.add(
            kind, at: dump.start, until: dump.endOffset, text: dump.isTextWhole ? dump.text : nil,
            context: session.context)
    }

    mutating func addData(to table: TableName?, rows: UInt64) {
        marks.note(.data)
        plan.addData(to: table, rows: rows, at: dump.start, until: dump.endOffset, context: session.context)
    }

    mutating func beginCopy() throws {
        statements += 1
        settleTransaction(isLargeObject: false)
        guard let table = session.interpret(&dump).table else { return }
        guard dump.copyRowsAreLines else {
            throw Obstacle(
                .unsupportedFormat,
                "The rows of COPY \(table) (line \(dump.start.line ?? 0)) can't be counted: it is not in the text format",
                hint: "pg_dump writes rows as text; restore this file with psql and check it by hand.")
        }
        copyTable = table
        announced.copy()
        contents.count(0, in: table)
        marks.note(.data)
        plan.beginCopy(
            CopyBlock(table: table, dataOffset: dump.endOffset), at: dump.start, text: dump.text,
            context: session.context)
    }

    mutating func endCopy() {
        guard let table = copyTable else { return }
        copyTable = nil
        contents.count(dump.copyRows, in: table)
        plan.endCopy(
            CopyBlock(
                table: table, dataOffset: dump.copyDataStart, dataLength: dump.copyDataLength, rows: dump.copyRows),
            until: dump.endOffset)
        marks.note(.dataEnd)
    }

    mutating func command() throws {
        settleTransaction(isLargeObject: false)
        marks.note(.statement)
        let command = MetaCommand(dump.text, encoding: dump.lexer.encoding)
        let kind: PlanEntry.Kind
        var text = [.backslash] + dump.text
        switch command {
        case .connect where outline.isRestricted: kind = .refused(command: "connect")
        case .connect(let database):
            try outline.connect(to: database, at: dump.start)
            session.connect(to: database, isCluster: outline.isCluster)
            dump.lexer.encoding = .utf8
            dump.lexer.standardStrings = true
            kind = .connect(database: database)
        case .restrict(let key):
            try outline.restrict(key, at: dump.start)
            kind = .restriction
        case .unrestrict(let key):
            try outline.unrestrict(key, at: dump.start)
            kind = .restriction
        case .other(let name) where name == "." || name == "N":
            throw ContentDamage(
                "structure", .corrupt, "Data of a table stands outside of COPY: \\\(name)", at: dump.start)
        case .encoding(let name):
            kind = .setting
            text = session.setEncoding(name, on: &dump)
        case .other(let name): kind = .refused(command: name)
        }
        plan.add(kind, at: dump.start, until: dump.endOffset, text: text, context: session.context)
    }
}
