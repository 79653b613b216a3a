package import Backups

/// The statements of a plain dump, pulled one after the other: for loads without a plan, and for bulk runs.
///
/// Splits exactly as ``DumpScanner`` does. Holds one buffer and one statement, never more.
package struct StatementStream {
    /// What came next.
    package enum Item {
        /// A statement with its text; `INSERT` and large object data are a bulk run of one. Its context is always 0: settings
        /// are to be sent as they come.
        case entry(PlanEntry)
        /// `COPY … FROM stdin` with its text. Then rows, by ``readCopyData(_:)``, come before the next item.
        case copy(PlanEntry)
    }

    private let reader: any ByteReader
    private let end: UInt64?
    private var buffer: [UInt8]
    private var filled = 0
    private var position = 0
    private var base: UInt64
    private var isAtEnd = false
    private var dump: DumpLexer
    private var session: DumpSession
    private var isCluster = false
    /// Between `\restrict` and `\unrestrict`.
    private var isRestricted = false
    private var copyIsOpen = false

    /// - Parameters:
    ///   - reader: gives content from `start` on.
    ///   - start: where a statement begins, or the white space before one.
    ///   - end: where to stop; a statement that begins before it is read whole. `nil`: at the end of the content.
    ///   - context: settings in force at `start`, which tell how text is to be read.
    package init(
        _ reader: any ByteReader, from start: SourceLocation = SourceLocation(offset: 0, line: 1),
        to end: UInt64? = nil,
        in context: SessionContext = SessionContext(), bufferSize: Int = 256 << 10
    ) {
        self.reader = reader
        self.end = end
        base = start.offset
        buffer = [UInt8](repeating: 0, count: bufferSize)
        dump = DumpLexer(textLimit: Int.max, dataTextLimit: Int.max)
        dump.lexer.line = start.line ?? 1
        session = DumpSession(replaying: context, on: &dump)
    }

    /// - Returns: `nil` at the end.
    /// - Throws: what the reader throws; ``ContentDamage`` for content that a scan would have refused.
    package mutating func next() throws -> Item? {
        if copyIsOpen { try readCopyData { _ in } }
        while let event = try pull() {
            switch event {
            case .comment:
                if dump.text.starts(with: Array(" PostgreSQL database cluster dump".utf8)) { isCluster = true }
            case .statement: return .entry(statement())
            case .copy:
                copyIsOpen = true
                return .copy(copyEntry())
            case .command: return .entry(command())
            case .foreign:
                throw ContentDamage(
                    "structure", .foreignOutput,
                    "Not SQL: \"\(String(decoding: dump.text.prefix(200), as: UTF8.self))\"", at: dump.start)
            case .copyData, .copyHeld, .copyEnd: break
            }
        }
        guard !dump.isUnfinished else {
            throw ContentDamage(
                "structure", .truncated, "The content ends inside \(dump.lexer.openConstruct)", at: dump.start)
        }
        return nil
    }

    /// Rows of the `COPY` just returned, in pieces that may end anywhere; the line `\.` is not among them.
    /// - Returns: the block, with its rows counted.
    @discardableResult
    package mutating func readCopyData(_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> CopyBlock? {
        guard copyIsOpen else { return nil }
        while let event = try pull() {
            switch event {
            case .copyData(let range):
                try buffer.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[range])) }
            case .copyHeld(let count):
                try Self.marker.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            default:
                copyIsOpen = false
                return CopyBlock(
                    table: copyTable, dataOffset: dump.copyDataStart, dataLength: dump.copyDataLength,
                    rows: dump.copyRows)
            }
        }
        throw ContentDamage(
            "structure", .truncated, "The data of table \(copyTable) never ends",
            at: SourceLocation(offset: base + UInt64(position), line: dump.line))
    }

    private var copyTable = TableName(schema: "", name: "")
    private static let marker: [UInt8] = [.backslash, .dot, .carriageReturn]

    private mutating func pull() throws -> DumpLexer.Event? {
        while true {
            if position < filled {
                let event = try buffer.withUnsafeBytes { bytes in
                    try dump.next(
                        in: UnsafeRawBufferPointer(rebasing: bytes[..<filled]), startingAt: base, from: &position)
                }
                if let event {
                    let isBeyond = end.map { dump.start.offset >= $0 } ?? false
                    return isBeyond ? nil : event
                }
            }
            if isAtEnd { return nil }
            if let end, base + UInt64(filled) >= end, !dump.isUnfinished, !copyIsOpen { return nil }
            base += UInt64(filled)
            position = 0
            filled = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
            if filled == 0 {
                isAtEnd = true
                return dump.finish(at: base)
            }
        }
    }

    private mutating func statement() -> PlanEntry {
        let rows = dump.insertedRows
        let statement = session.interpret(&dump)
        switch statement.category {
        case .insert:
            let counts = statement.table.map { [$0: rows] } ?? [:]
            return entry(.bulk(BulkRun(rows: counts, statements: 1)))
        case .largeObjectData: return entry(.bulk(BulkRun(statements: 1)))
        case .setting: return entry(.setting)
        default: return entry(.statement(statement.kind))
        }
    }

    private mutating func copyEntry() -> PlanEntry {
        copyTable = session.interpret(&dump).table ?? copyTable
        return entry(.copy(CopyBlock(table: copyTable, dataOffset: dump.endOffset)))
    }

    private mutating func command() -> PlanEntry {
        let command = MetaCommand(dump.text, encoding: dump.lexer.encoding)
        var made = entry(.restriction)
        made.text = [.backslash] + dump.text
        switch command {
        case .connect where isRestricted: made.kind = .refused(command: "connect")
        case .connect(let database):
            session.connect(to: database, isCluster: isCluster)
            dump.lexer.encoding = .utf8
            dump.lexer.standardStrings = true
            made.kind = .connect(database: database)
        case .restrict: isRestricted = true
        case .unrestrict: isRestricted = false
        case .encoding(let name):
            made.kind = .setting
            made.text = session.setEncoding(name, on: &dump)
        case .other(let name): made.kind = .refused(command: name)
        }
        return made
    }

    private func entry(_ kind: PlanEntry.Kind) -> PlanEntry {
        PlanEntry(
            kind: kind, location: dump.start, length: dump.endOffset - dump.start.offset, text: dump.text, context: 0)
    }
}
