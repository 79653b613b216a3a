package import Backups
import Processes

/// Counts every table exactly, over several connections that share one snapshot.
///
/// The rule for partitions: a leaf counts as itself, a partitioned table not at all (it has no rows of its own);
/// ``RowCount/families`` says which leaf belongs to which root, for dumps that name the root.
package struct RowCounter: Sendable {
    /// Opens one more connection to the database.
    let open: @Sendable () throws -> Connection
    let jobs: Int
    /// For production; `nil` in scratch, where nobody waits.
    let limits: ReadLimits?
    let checksums: Bool
    /// The snapshot of another session that is kept open meanwhile.
    let snapshot: String?
    /// Tables of extensions that are counted too, because a dump holds rows of them.
    let extensionTables: Set<TableName>
    /// Tables that are not counted, because they can't be read.
    let excluded: Set<TableName>
    let way: RowCountingWay
    let scope: RowCountingScope
    let stage: Stage
    let progress: any ProgressObserver
    let cancellation: Cancellation

    package init(
        jobs: Int, limits: ReadLimits?, checksums: Bool = false, snapshot: String? = nil,
        extensionTables: Set<TableName> = [], excluded: Set<TableName> = [], way: RowCountingWay = .fastest,
        scope: RowCountingScope = .users, stage: Stage = .rows,
        progress: any ProgressObserver = SilentProgress(),
        cancellation: Cancellation, open: @escaping @Sendable () throws -> Connection
    ) {
        self.open = open
        self.jobs = max(1, jobs)
        self.limits = limits
        self.checksums = checksums
        self.snapshot = snapshot
        self.extensionTables = extensionTables
        self.excluded = excluded
        self.way = way
        self.scope = scope
        self.stage = stage
        self.progress = progress
        self.cancellation = cancellation
    }

    /// - Throws: ``Obstacle`` `hidden-rows`, `permission-denied`, `lock-timeout`, `deadline-exceeded`, …: a count that is
    ///   not whole is none.
    package func count() throws -> RowCount {
        let first = try open()
        try begin(first, snapshot: snapshot)
        let tables = try CountedTable.list(first, scope).filter(isCounted)
        let workers = try makeWorkers(first, tables: tables.count)
        progress.begin(stage, total: UInt64(tables.count), unit: .items)
        defer { progress.end(stage) }
        let queue = TableQueue(tables)
        let outcomes = (1..<workers.count).map { index in
            let outcome = SignalledOnce<Void>()
            let worker = workers[index]
            DetachedThread.start(named: "count rows") {
                work(worker, queue)
                outcome.set(())
            }
            return outcome
        }
        work(first, queue)
        for outcome in outcomes { outcome.wait() }
        var result = try queue.result()
        result.extensionTables = Set(tables.filter(\.isOfExtension).map(\.name))
        if scope == .users {
            result.largeObjects = try checksums ? LargeObjectChecksum.read(first) : LargeObjectChecksum.count(first)
        }
        try first.execute("COMMIT")
        return result
    }

    /// The first connection and as many more as there is work for, all in the same snapshot.
    private func makeWorkers(_ first: Connection, tables: Int) throws -> [Connection] {
        let count = min(jobs, max(1, tables))
        guard count > 1 else { return [first] }
        let shared: String
        if let snapshot {
            shared = snapshot
        } else {
            guard let exported = try first.reading("the snapshot", "SELECT pg_catalog.pg_export_snapshot()").scalar
            else {
                throw Obstacle(.internalError, "the server exported no snapshot")
            }
            shared = exported
        }
        return try [first]
            + (1..<count).map { _ in
                let connection = try open()
                try begin(connection, snapshot: shared)
                return connection
            }
    }

    private func begin(_ connection: Connection, snapshot: String?) throws {
        try connection.execute(ReadOnlyTransaction.begin)
        if let snapshot { try SnapshotIdentifier.use(snapshot, on: connection) }
        try limits?.apply(to: connection)
        try PinnedSettings.apply(to: connection)
        if let settings = way.settings { try connection.execute(settings) }
    }

    private func isCounted(_ table: CountedTable) -> Bool {
        guard !excluded.contains(table.name), way != .indexes || table.hasWholeIndex else { return false }
        return scope == .catalog || !table.isOfExtension || extensionTables.contains(table.name)
    }

    private func work(_ connection: Connection, _ queue: TableQueue) {
        do {
            let encoding = try TableChecksum.encoding(of: connection)
            while let table = queue.next() {
                try cancellation.check()
                let tally = try TableTally.read(table.name, connection, checksum: checksums ? encoding : nil)
                progress.advance(stage, to: queue.finish(table, tally))
            }
        } catch {
            queue.fail(error)
        }
    }
}
