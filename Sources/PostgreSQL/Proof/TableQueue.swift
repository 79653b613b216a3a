import Backups
import Synchronization

/// Hands tables to the threads that count them, and gathers what they found. The first error ends the work.
final class TableQueue: Sendable {
    private struct State {
        var waiting: [CountedTable]
        var result = RowCount()
        var finished: UInt64 = 0
        var error: (any Error)?
    }

    private let state: Mutex<State>

    /// - Parameter tables: in the order of the work.
    init(_ tables: [CountedTable]) {
        var families = TableFamilies()
        for table in tables { families.roots[table.name] = table.root }
        state = Mutex(State(waiting: tables.reversed(), result: RowCount(families: families)))
    }

    func next() -> CountedTable? {
        state.withLock { $0.error == nil ? $0.waiting.popLast() : nil }
    }

    /// - Returns: how many tables are finished.
    func finish(_ table: CountedTable, _ tally: TableTally) -> UInt64 {
        state.withLock { state in
            state.result.rows[table.name] = tally.rows
            state.result.checksums[table.name] = tally.checksum
            state.finished += 1
            return state.finished
        }
    }

    func fail(_ error: any Error) {
        state.withLock { $0.error = $0.error ?? error }
    }

    func result() throws -> RowCount {
        try state.withLock { state in
            if let error = state.error { throw error }
            return state.result
        }
    }
}
