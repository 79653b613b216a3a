package import Backups

/// Reads a plain dump once, in order: proves its structure, counts its rows, and makes the plan of its load.
///
/// Memory does not grow with the dump beyond the plan's budget.
package struct DumpScanner: ContentConsumer {
    package struct Result: Sendable {
        package var contents: DumpContents
        package var plan: LoadPlan
        package var checks: [Check]
    }

    /// Set by ``finish()``.
    package private(set) var result: Result?

    private var dump = DumpLexer()
    private var session = DumpSession()
    private var outline = DumpOutline()
    private var contents = ContentsBuilder()
    private var plan: PlanBuilder
    private var marks = CheckpointMarks()
    private var offset: UInt64 = 0
    private var statements: UInt64 = 0
    private var copyTable: TableName?
    private var transaction = TransactionState.none

    /// Transactions around large objects are data, and go into bulk runs whole; others are statements.
    private enum TransactionState {
        case none
        /// `BEGIN` was read, and nothing after it.
        case begun(at: SourceLocation, until: UInt64, text: [UInt8])
        case largeObjects
        case explicit
    }

    /// - Parameter planBudget: bytes of memory that the plan may take, about.
    package init(planBudget: Int = 16 << 20) {
        plan = PlanBuilder(budget: planBudget)
    }

    /// - Throws: ``ContentDamage`` when the content shows that it is not what pg_dump wrote.
    package mutating func consume(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws -> Bool {
        marks.begin(at: offset)
        var position = 0
        while let event = try dump.next(in: bytes, startingAt: offset, from: &position) {
            try handle(event)
        }
        self.offset = offset + UInt64(bytes.count)
        return marks.isWorthKeeping
    }

    /// - Throws: ``ContentDamage`` for a dump that is cut, or never was one.
    package mutating func finish() throws {
        if let last = dump.finish(at: offset) { try handle(last) }
        let end = SourceLocation(offset: offset, line: dump.line)
        guard offset > 0 else {
            throw ContentDamage("content", .emptyFile, "There is nothing in it", at: end)
        }
        if dump.isInCopy {
            throw ContentDamage(
                "structure", .truncated,
                "The data of table \(copyTable.map { "\($0)" } ?? "?") never ends: \(dump.copyRows) rows, and no \"\\.\"",
                at: end)
        }
        try outline.finish(at: end, inside: dump.isUnfinished ? dump.lexer.openConstruct : nil)
        settleTransaction(isLargeObject: false)
        let counted = contents.finish(header: outline.header, databases: session.databases)
        result = Result(
            contents: counted, plan: plan.finish(contexts: session.contexts), checks: checks(of: counted, at: end))
    }

    private mutating func handle(_ event: DumpLexer.Event) throws {
        switch event {
        case .comment: try outline.comment(commentText, at: dump.start)
        case .statement: try statement()
        case .copy: beginCopy()
        case .copyData, .copyHeld: break
        case .copyEnd: endCopy()
        case .command: try command()
        case .foreign: throw foreignLine()
        }
    }

    private var commentText: String {
        var text = dump.text.prefix(512)
        while let last = text.last, last.isSpace { text.removeLast() }
        return String(decoding: text.drop(while: \.isSpace), as: UTF8.self)
    }

    private func foreignLine() -> ContentDamage {
        let line = String(decoding: dump.text.prefix(200), as: UTF8.self)
        let program = line.prefix(while: { $0 != ":" })
        let isMessage = line.contains(":") && !program.contains(" ")
        return ContentDamage(
            "structure", isMessage ? .foreignOutput : .corrupt,
            isMessage ? "Output of a program stands in the dump: \"\(line)\"" : "Not SQL: \"\(line)\"", at: dump.start)
    }
}

// MARK: - Statements

extension DumpScanner {
    private mutating func statement() throws {
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
            guard let table = statement.table else { return }
            contents.count(rows, in: table)
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
    private mutating func settleTransaction(isLargeObject: Bool) {
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

    private mutating func endTransaction() {
        if case .largeObjects = transaction {
            addData(to: nil, rows: 0)
        } else {
            settleTransaction(isLargeObject: false)
            plan.needOneSession()
            add(.statement(.barrier))
        }
        transaction = .none
    }

    private mutating func add(_ kind: PlanEntry.Kind) {
        marks.note(.statement)
        plan.add(
            kind, at: dump.start, until: dump.endOffset, text: dump.isTextWhole ? dump.text : nil,
            context: session.context)
    }

    private mutating func addData(to table: TableName?, rows: UInt64) {
        marks.note(.data)
        plan.addData(to: table, rows: rows, at: dump.start, until: dump.endOffset, context: session.context)
    }

    private mutating func beginCopy() {
        statements += 1
        settleTransaction(isLargeObject: false)
        guard let table = session.interpret(&dump).table else { return }
        copyTable = table
        contents.count(0, in: table)
        marks.note(.data)
        plan.beginCopy(
            CopyBlock(table: table, dataOffset: dump.endOffset), at: dump.start, text: dump.text,
            context: session.context)
    }

    private mutating func endCopy() {
        guard let table = copyTable else { return }
        copyTable = nil
        contents.count(dump.copyRows, in: table)
        plan.endCopy(
            CopyBlock(
                table: table, dataOffset: dump.copyDataStart, dataLength: dump.copyDataLength, rows: dump.copyRows),
            until: dump.endOffset)
        marks.note(.dataEnd)
    }

    private mutating func command() throws {
        settleTransaction(isLargeObject: false)
        marks.note(.statement)
        let command = MetaCommand(dump.text, encoding: dump.lexer.encoding)
        let kind: PlanEntry.Kind
        switch command {
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
        case .other(let name): kind = .refused(command: name)
        }
        plan.add(
            kind, at: dump.start, until: dump.endOffset, text: [.backslash] + dump.text, context: session.context)
    }

    private func checks(of contents: DumpContents, at end: SourceLocation) -> [Check] {
        var details: [String] = []
        if dump.sawCarriageReturns {
            details.append(
                "Lines end with CR LF: something converted the text after pg_dump wrote it. Rows come back as they were; "
                    + "line ends inside functions and string literals do not.")
        }
        let structure = Check.verified(
            "structure", in: .integrity,
            "\(statements) statements, \(contents.rows.count) tables, \(contents.totalRows) rows", details: details)
        guard outline.isFramed else {
            return [
                structure,
                .inconclusive(
                    "trailer", in: .integrity, .unknownFormat,
                    "SQL text that pg_dump did not write: nothing in it says where it ends, so it may be cut",
                    hint: "Make the backup with pg_dump, or keep a manifest beside it.", at: end),
            ]
        }
        let dumps = outline.databaseDumps
        let message =
            outline.isCluster
            ? "The cluster dump ends with its trailer, and so does each of its \(dumps) database dumps"
            : dumps == 1 ? "The dump ends with its trailer" : "Each of the \(dumps) dumps ends with its trailer"
        return [structure, .verified("trailer", in: .integrity, message)]
    }
}
