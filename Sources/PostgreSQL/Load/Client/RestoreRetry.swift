import Backups
import Integrity

/// Runs once more, alone and in the archive's order, what failed under pg_restore, to hear from the server itself what is
/// wrong with it. Nothing but what failed runs twice: a definition is known by the start of its statement, a table's data
/// by its name and by the table being empty.
struct RestoreRetry {
    let tool: RestoreTool
    let session: LoadSession
    /// pg_restore ran nothing side by side: an error was no meeting of two jobs.
    let wasAlone: Bool

    static let ranAlone = HarmlessError(because: "failed beside other work, and ran when it was tried again alone")
    /// More white space than this between two statements holds the comment that begins an entry of the archive.
    private static let gap: UInt64 = 6

    func run(_ errors: [ClientError]) throws {
        guard !errors.isEmpty else { return }
        var rest: [ClientError] = []
        var definitions: [ClientError] = []
        var copies: Set<String> = []
        for error in errors {
            if let table = error.copyTable ?? error.command.flatMap(Self.copiedTable) {
                copies.insert(table)
            } else if let command = error.command, Self.isDefinition(command) {
                definitions.append(error)
            } else {
                rest.append(error)
            }
        }
        var met: Set<String> = []
        try retry(&definitions, &met, in: "pre-data")
        for table in copies.sorted() { try retryData(of: table) }
        try retry(&definitions, &met, in: "post-data")
        // Only now: statements that begin alike may lie in both sections.
        try settle(definitions.filter { met.contains(Self.key($0.command ?? "")) })
        definitions.removeAll { met.contains(Self.key($0.command ?? "")) }
        for error in rest + definitions {
            try session.journal.record(
                SQLStateGuess.complete(error.error), of: Array((error.command ?? "").utf8), at: nil)
        }
    }

    /// Settings and rows can't be told from others like them.
    private static func isDefinition(_ command: String) -> Bool {
        let statement = StatementText(command)
        return !["SET", "INSERT", "SELECT"].contains { statement.begins(with: $0) }
            || statement.shown.hasPrefix("SELECT pg_catalog.set")
    }

    // MARK: - Definitions

    /// - Parameter met: keys of the statements that ran again.
    private func retry(_ errors: inout [ClientError], _ met: inout Set<String>, in section: String) throws {
        guard !errors.isEmpty else { return }
        let (left, keys) = try tool.readSQL(["--section=\(section)"]) { reader in
            try retryStatements(of: StatementStream(reader), errors)
        }
        errors = left
        met.formUnion(keys)
    }

    /// Several statements may begin alike as far as pg_restore repeats them: then each of them runs again, and what the
    /// server says decides which had failed.
    /// - Returns: those that did not fail again, or are not in this section, and the keys of what ran again.
    private func retryStatements(
        of stream: StatementStream, _ errors: [ClientError]
    ) throws -> (left: [ClientError], met: Set<String>) {
        var stream = stream
        var wanted = Dictionary(grouping: errors) { Self.key($0.command ?? "") }
        var met: Set<String> = []
        /// Where the last statement of an entry that runs again ends.
        var groupEnd: UInt64?
        while let item = try stream.next() {
            guard case .entry(let entry) = item, let text = entry.text else { continue }
            if case .setting = entry.kind {
                try session.recording(text, at: entry.location) { try session.perform(text) }
                continue
            }
            let key = Self.key(String(decoding: text.prefix(512), as: UTF8.self))
            // One message of pg_restore may hold several statements, which failed as one.
            let follows = groupEnd.map { entry.location.offset - $0 <= Self.gap } ?? false
            var failures = wanted[key] ?? []
            guard !failures.isEmpty || follows else {
                groupEnd = nil
                continue
            }
            let hadFailed = try run(text, after: &failures)
            groupEnd = hadFailed ? entry.location.offset + entry.length : nil
            guard wanted[key] != nil else { continue }
            wanted[key] = failures
            met.insert(key)
        }
        return (wanted.flatMap(\.value), met)
    }

    /// - Parameter failures: of statements that begin like this one; that of this one is taken out, if it fails again.
    /// - Returns: whether it is known, or likely, to have failed the first time.
    private func run(_ text: [UInt8], after failures: inout [ClientError]) throws -> Bool {
        if session.isIgnored(text) {
            failures.removeAll()
            return true
        }
        do {
            try session.perform(TablespaceStatement.inPlace(text, on: session))
        } catch let error as PostgreSQLError {
            if let same = failures.firstIndex(where: { $0.error.message == error.message }) {
                failures.remove(at: same)
            } else if Self.isThere.contains(error.sqlstate), !failures.isEmpty {
                // It ran the first time: another statement that begins like it did not.
                return false
            } else if !failures.isEmpty {
                failures.removeFirst()
            }
            try session.journal.record(error, of: text, at: nil)
        }
        return true
    }

    /// What did not fail again: by itself, it would have run.
    private func settle(_ failures: [ClientError]) throws {
        for failed in failures {
            let wasMadeSince = failed.error.message.hasPrefix("role ") || failed.error.message.contains("tablespace ")
            if !wasAlone || wasMadeSince {
                session.journal.record(harmless: Self.ranAlone)
            } else {
                try session.journal.record(
                    SQLStateGuess.complete(failed.error), of: Array((failed.command ?? "").utf8), at: nil)
            }
        }
    }

    /// What a statement says that makes something a second time.
    private static let isThere: Set<String> = ["42710", "42P07", "42723", "42701", "42P06", "42P16"]

    /// What of a statement survives pg_restore's cut after 124 bytes, white space aside.
    static func key(_ statement: String) -> String {
        let head = String(decoding: Array(statement.utf8).prefix(120), as: UTF8.self)
        let line = head.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(line.drop(while: { $0 == " " }).prefix(90).filter { $0 != ";" })
    }

    // MARK: - Data

    /// The last part of the name in `COPY schema.name (…) FROM stdin`.
    static func copiedTable(_ command: String) -> String? {
        guard let statements = FrozenCopy(Array(command.filter { $0 != ";" }.utf8).trimmed) else { return nil }
        let name = String(decoding: statements.truncate.dropFirst("TRUNCATE ONLY ".utf8.count), as: UTF8.self)
        guard name.hasSuffix("\"") else { return name.split(separator: ".").last.map(String.init) }
        return name.dropLast().split(separator: "\"", omittingEmptySubsequences: true).last.map(String.init)
    }

    private func retryData(of table: String) throws {
        try tool.readSQL(["--data-only", "--table", table]) { reader in
            var stream = StatementStream(reader)
            while let item = try stream.next() {
                switch item {
                case .entry(let entry):
                    if case .setting = entry.kind, let text = entry.text {
                        try session.recording(text, at: entry.location) { try session.perform(text) }
                    }
                case .copy(let entry):
                    guard case .copy(let block) = entry.kind, let text = entry.text, block.table.name == table else {
                        continue
                    }
                    try copy(text, into: block.table, from: &stream)
                }
            }
        }
    }

    private func copy(
        _ text: [UInt8], into table: TableName, from stream: inout StatementStream
    ) throws {
        // The place in pg_restore's output is none in the archive.
        try session.recording(text, at: nil) {
            let name = "\(SQLIdentifier.quoted(table.schema)).\(SQLIdentifier.quoted(table.name))"
            guard try session.connection.query("SELECT 1 FROM ONLY \(name) LIMIT 1").rowCount == 0 else { return }
            let tally = try session.copy(text, into: table) { write in try stream.readCopyData(write)?.rows ?? 0 }
            session.count(tally, into: table, text, at: nil)
            session.journal.record(harmless: Self.ranAlone)
        }
    }
}

extension [UInt8] {
    fileprivate var trimmed: [UInt8] {
        var bytes = self
        while let last = bytes.last, last <= 32 { bytes.removeLast() }
        return bytes
    }
}
