import Backups
import Integrity
import PostgreSQL

/// Counts the restored rows, and holds them against the dump, the manifest and the live database.
struct RowsStage {
    struct Result {
        var checks: [Check] = []
        var tables: [TableResult] = []
        /// The rows equal the manifest's.
        var isEqualToManifest = false
        /// How many tables of the dump the manifest holds, where that is not all of them.
        var tablesInManifest: UInt64?
        /// Checksums of the restored tables, where they were asked for.
        var counted: [RestoredCopy.Database: RowCount] = [:]
    }

    let contents: DumpContents
    let manifest: Manifest?
    /// Count with content checksums, for the stage after this.
    let wantsChecksums: Bool
    let options: ProofOptions
    let restore: RestoreOptions
    let progress: any ProgressObserver
    let cancellation: Cancellation

    func run(_ copy: RestoredCopy) throws -> Result {
        var result = Result()
        var filled: [TableName: UInt64] = [:]
        var unjudged: Set<TableName> = []
        for database in copy.databases {
            let count = try counter { try copy.server.connect(database: database.name) }.count()
            result.counted[database] = count
            let own = try extensionRows(database, copy.server)
            for (table, rows) in own.filled { filled[database.qualified(table)] = rows }
            unjudged.formUnion(own.unknown.map(database.qualified))
        }
        let restored = merged(result.counted)
        var parity = parity(restored, reference: manifest.map { .manifest($0) } ?? .none)
        (parity.filled, parity.unjudged) = (filled, unjudged)
        let outcome = parity.compare()
        result.checks = SelectionNames(known: known(restored)).checks(restore)
        result.checks += outcome.checks + [largeObjectCheck(result.counted)].compactMap(\.self)
        result.tables = outcome.tables
        result.isEqualToManifest =
            manifest?.proof == .manifest && outcome.unnamedInManifest == 0
            && result.checks.allSatisfy { $0.verdict == .verified }
        if manifest?.proof == .manifest, outcome.unnamedInManifest > 0 {
            result.tablesInManifest = outcome.namedInManifest
        }
        if options.against != nil { compareWithLive(parity, &result) }
        result.checks += RowMinimums(least: options.minimumRows).checks(restored.rows)
        return result
    }

    /// What was restored and counted stays told when production does not answer.
    private func compareWithLive(_ parity: RowParity, _ result: inout Result) {
        var parity = parity
        do {
            parity.reference = .live(try liveRows(), options.drift)
        } catch {
            result.checks.append(Check(error, in: .rows, named: RowParity.liveCheckName))
            return
        }
        let live = parity.compare()
        result.checks += live.checks.filter { $0.name != "rows" }
        if manifest == nil { result.tables = live.tables }
    }

    private func counter(_ open: @escaping @Sendable () throws -> Connection) -> RowCounter {
        RowCounter(
            jobs: restore.jobs, limits: nil, checksums: wantsChecksums,
            extensionTables: dumpedTables,
            progress: progress, cancellation: cancellation, open: open)
    }

    /// As they are named inside of a database.
    private var dumpedTables: Set<TableName> {
        Set(contents.tables.map { TableName(schema: $0.schema, name: $0.name) })
    }

    private func extensionRows(_ database: RestoredCopy.Database, _ server: ScratchServer) throws -> ExtensionRows {
        try ExtensionRows.read(try server.connect(database: database.name), dumped: dumpedTables) {
            try server.connect(database: $0)
        }
    }

    /// A manifest that was counted in the database is of that one, and of all its large objects: a selection has none.
    private func largeObjectCheck(_ counts: [RestoredCopy.Database: RowCount]) -> Check? {
        let restored = counts.values.compactMap { $0.largeObjects?.count }
        guard !restore.isSelection, restored.count == counts.count else { return nil }
        let isOfThis = manifest?.proof == .manifest && counts.count == 1
        return LargeObjectParity.compare(
            dump: contents.largeObjects, manifest: isOfThis ? manifest?.largeObjects?.count : nil,
            restored: restored.reduce(0, +))
    }

    private func merged(_ counts: [RestoredCopy.Database: RowCount]) -> RowCount {
        var whole = RowCount()
        for (database, count) in counts {
            for (table, rows) in count.rows { whole.rows[database.qualified(table)] = rows }
            for (leaf, root) in count.families.roots {
                whole.families.roots[database.qualified(leaf)] = database.qualified(root)
            }
            whole.extensionTables.formUnion(count.extensionTables.map(database.qualified))
        }
        return whole
    }

    private func parity(_ restored: RowCount, reference: RowParity.Reference) -> RowParity {
        RowParity(
            dump: contents.rows, uncounted: contents.uncounted, restored: restored.rows, families: restored.families,
            extensionTables: restored.extensionTables, reference: reference, selection: selection(restored))
    }

    /// `nil` for all tables.
    private func selection(_ restored: RowCount) -> Set<TableName>? {
        guard restore.isSelection else { return nil }
        return known(restored).filter { table in
            restore.schemas.contains(table.schema)
                || restore.tables.contains { $0.schema == table.schema && $0.name == table.name }
        }
    }

    private func known(_ restored: RowCount) -> Set<TableName> {
        contents.tables.union(restored.rows.keys).union(restored.families.roots.values)
    }

    private func liveRows() throws -> [TableName: UInt64] {
        guard let against = options.against else { return [:] }
        return try RowCounter(
            jobs: restore.jobs, limits: .production, progress: progress, cancellation: cancellation
        ) { try Connection(against, cancellation: cancellation) }.count().rows
    }
}
