import Backups
import Integrity

/// Runs statements as they come out of a stream: bulk runs of a plan, and dumps that have no plan or can't be read twice.
struct StreamedEntries {
    let session: LoadSession

    /// Runs all that is left in `stream`, or up to a `\connect`.
    /// - Parameter advancing: hears how far the content was read.
    /// - Returns: the database that `\connect` names; `nil` at the end.
    @discardableResult
    func run(_ stream: inout StatementStream, advancing: (PlanEntry) -> Void = { _ in }) throws -> String? {
        var batch = InsertBatch(session)
        while let item = try stream.next() {
            switch item {
            case .entry(let entry):
                let text = entry.text ?? []
                if case .bulk(let bulk) = entry.kind {
                    try batch.add(text, into: bulk.rows.keys.first, at: entry.location)
                    advancing(entry)
                    continue
                }
                try batch.flush()
                if case .connect(let database) = entry.kind { return database }
                try run(entry, text)
                advancing(entry)
            case .copy(let entry):
                try batch.flush()
                try copy(entry, &stream)
                advancing(entry)
            }
        }
        try batch.flush()
        return nil
    }

    private func run(_ entry: PlanEntry, _ text: [UInt8]) throws {
        switch entry.kind {
        case .setting: try session.recording(text, at: entry.location) { try session.perform(text) }
        case .statement:
            guard !session.isIgnored(text) else { return }
            let statement = try TablespaceStatement.inPlace(text, on: session)
            try session.run(statement, at: entry.location)
        case .refused(let command):
            session.journal.refuse(command, text, at: entry.location)
        case .restriction, .connect, .copy, .bulk: break
        }
    }

    private func copy(_ entry: PlanEntry, _ stream: inout StatementStream) throws {
        guard case .copy(let block) = entry.kind, let text = entry.text else { return }
        try session.recording(text, at: entry.location) {
            let tally = try session.copy(text, into: block.table) { write in
                try stream.readCopyData(write)?.rows ?? 0
            }
            session.count(tally, into: block.table, text, at: entry.location)
        }
    }
}
