import Backups
import Integrity

/// Finds the statements that psql's line numbers mean, by reading the dump once more.
struct StatementLookup {
    private let errors: [ClientError]

    init(_ errors: [ClientError]) {
        self.errors = errors.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
    }

    /// Judges each error with its statement.
    func record(in journal: LoadJournal, reading content: any Content) throws {
        guard !errors.isEmpty else { return }
        var rest = errors[...]
        var stream = StatementStream(try content.open(at: 0))
        var last: PlanEntry?
        while !rest.isEmpty, let item = try stream.next() {
            let entry =
                switch item {
                case .entry(let entry), .copy(let entry): entry
                }
            // psql names the line on which a statement ends: the one before is meant until the next begins after it.
            while let error = rest.first, let line = error.line, let start = entry.location.line, line < start {
                try record(error, last, in: journal)
                rest.removeFirst()
            }
            last = entry
        }
        for error in rest { try record(error, last, in: journal) }
    }

    private func record(_ error: ClientError, _ entry: PlanEntry?, in journal: LoadJournal) throws {
        try journal.record(
            SQLStateGuess.complete(error.error), of: entry?.text ?? [],
            at: entry?.location ?? error.line.map { SourceLocation(offset: 0, line: $0) })
    }
}
