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

    var dump = DumpLexer()
    var session = DumpSession()
    var outline = DumpOutline()
    var announced = AnnouncedData()
    var contents = ContentsBuilder()
    var plan: PlanBuilder
    var marks = CheckpointMarks()
    var offset: UInt64 = 0
    var statements: UInt64 = 0
    var copyTable: TableName?
    var transaction = TransactionState.none

    /// Transactions around large objects are data, and go into bulk runs whole; others are statements.
    enum TransactionState {
        case none
        /// `BEGIN` was read, and nothing after it.
        case begun(at: SourceLocation, until: UInt64, text: [UInt8])
        case largeObjects
        case explicit
    }

    /// - Parameter planBudget: bytes of memory that the plan may take, about.
    package init(planBudget: Int = 16 << 20) {
        plan = PlanBuilder(budget: planBudget)
        // Before its header pg_dump writes nothing: a word there that is no command is another program's.
        dump.lexer.wantsKnownVerbs = true
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
        let end = SourceLocation(offset: offset, line: dump.line)
        if let last = dump.finish(at: offset) {
            if last == .command, outline.isFramed { try outline.finishInside(command: dump.text, at: end) }
            try handle(last)
        }
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
        try announced.finish()
        settleTransaction(isLargeObject: false)
        let counted = contents.finish(header: outline.header, databases: session.databases)
        result = Result(
            contents: counted, plan: plan.finish(contexts: session.contexts), checks: checks(of: counted, at: end))
    }

    private mutating func handle(_ event: DumpLexer.Event) throws {
        switch event {
        case .comment:
            let text = commentText
            try outline.comment(text, at: dump.start)
            try announced.comment(text, at: dump.start)
            dump.lexer.wantsKnownVerbs = !outline.isFramed
        case .statement: try statement()
        case .copy: try beginCopy()
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
        // A page of HTML or XML is no message.
        let isMessage = line.unicodeScalars.first.map { $0.properties.isAlphabetic || $0 == "/" } ?? false
        return ContentDamage(
            "structure", isMessage ? .foreignOutput : .corrupt,
            isMessage ? "Output of a program stands in the dump: \"\(line)\"" : "Not SQL: \"\(line)\"", at: dump.start)
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
            ? "The cluster dump ends with its trailer"
                + (dumps > 0 ? ", and so does each of its \(dumps) database dumps" : "")
            : dumps == 1 ? "The dump ends with its trailer" : "Each of the \(dumps) dumps ends with its trailer"
        return [structure, .verified("trailer", in: .integrity, message)]
    }
}
