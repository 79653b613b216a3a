import Backups
import Integrity

/// Runs entries of a plan on one session.
struct EntryRunner {
    let session: LoadSession
    let plan: LoadPlan
    let content: any Content
    /// Entries whose COPY may truncate its table and freeze its rows.
    let freezable: Set<Int>
    var addedKeys = AddedForeignKeys()

    private static let chunk = 1 << 20

    /// Runs the entry at `index`, or that part of it; errors of its statements are kept.
    func run(_ index: Int, _ part: LoadNode.Part = .whole) throws {
        let entry = plan.entries[index]
        try session.recording(entry.text ?? [], at: entry.location) { try attempt(index, part) }
    }

    /// The same, but the error of a single statement or COPY is thrown. A bulk run keeps its own errors.
    /// - Throws: ``PostgreSQLError``.
    func attempt(_ index: Int, _ part: LoadNode.Part = .whole) throws {
        let entry = plan.entries[index]
        var text = entry.text ?? []
        if part != .whole, let split = SplitForeignKey(text) {
            if part == .validation {
                // One that could not be made was told of then: there is nothing to check.
                if addedKeys.contains(index) { try session.perform(split.validate) }
                return
            }
            text = split.add
        }
        switch entry.kind {
        case .restriction, .connect: break
        case .setting: try session.perform(text)
        case .refused(let command): session.journal.refuse(command, text, at: entry.location)
        case .bulk: try runBulk(entry)
        case .copy(let block): try runCopy(block, text, entry, isFrozen: freezable.contains(index))
        case .statement(let kind):
            if session.isIgnored(text) { break }
            try session.perform(kind == .barrier ? TablespaceStatement.inPlace(text, on: session) : text)
            session.journal.countStatement()
            if part == .unvalidated { addedKeys.insert(index) }
        }
        if case .copy = entry.kind {} else { session.journal.advance(entry.length) }
    }

    // MARK: - Data

    private func runCopy(_ block: CopyBlock, _ text: [UInt8], _ entry: PlanEntry, isFrozen: Bool) throws {
        let tally =
            try isFrozen
            ? copyFrozen(block, text) : session.copy(text, into: block.table) { try feed(block, $0) }
        session.count(tally, into: block.table, text, at: entry.location)
        session.journal.advance(entry.length)
    }

    /// Loads the block frozen; where the server does not take it so, with the COPY of the dump.
    private func copyFrozen(_ block: CopyBlock, _ text: [UInt8]) throws -> CopyTally {
        var refusal = "its COPY is not written as pg_dump writes it"
        if let statements = FrozenCopy(text) {
            do {
                try session.connection.execute("BEGIN")
                try session.connection.execute(statements.truncate)
                let tally = try session.copy(statements.copy, into: block.table) { try feed(block, $0) }
                try session.connection.execute("COMMIT")
                session.journal.note(frozen: block.table)
                return tally
            } catch let error as PostgreSQLError {
                // Nothing was done. The plain COPY says what is wrong with the rows, if anything is.
                try session.connection.execute("ROLLBACK")
                refusal = error.message
            }
        }
        let tally = try session.copy(text, into: block.table) { try feed(block, $0) }
        session.journal.note(unfrozen: block.table, because: refusal)
        return tally
    }

    private func feed(_ block: CopyBlock, _ write: (UnsafeRawBufferPointer) throws -> Void) throws -> UInt64 {
        guard block.dataLength > 0 else { return block.rows }
        let reader = try content.open(at: block.dataOffset)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunk, alignment: 4096)
        defer { buffer.deallocate() }
        var left = block.dataLength
        while left > 0 {
            let wanted = Int(min(left, UInt64(buffer.count)))
            let count = try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
            guard count > 0 else {
                throw Obstacle(.changedWhileReading, "the backup is shorter than it was when it was checked")
            }
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            left -= UInt64(count)
        }
        return block.rows
    }

    private func runBulk(_ entry: PlanEntry) throws {
        var stream = StatementStream(
            try content.open(at: entry.location.offset), from: entry.location,
            to: entry.location.offset + entry.length, in: plan.contexts[entry.context])
        try StreamedEntries(session: session).run(&stream)
    }
}
