package import Backups
import Processes

/// Holds the rows that B-trees know against those of their tables, in every database of a recovered copy.
///
/// A file of a table that lost its end, or a page of it that is all zeros, is in order for PostgreSQL: such pages are new ones, which
/// carry no checksum (`PageIsVerified` of src/backend/storage/page/bufpage.c), and a file that is not there any more is a table that
/// ends before it (`mdnblocks` of src/backend/storage/smgr/md.c). Neither `pg_amcheck` nor `pg_checksums` sees it. Its indexes
/// remember: what they say is there, and can't be read, is lost. Of a page of zeros they do where the visibility map says that
/// everybody sees its rows, as it does after a VACUUM: elsewhere PostgreSQL itself takes them for dead.
package struct IndexParity {
    private static let name = "indexes"

    private let server: ScratchServer
    private let counted: [TableName: UInt64]
    private let excluded: Set<TableName>
    private let jobs: Int
    private let progress: any ProgressObserver
    private let cancellation: Cancellation

    /// - Parameters:
    ///   - counted: rows of users' tables, each with its database, as they were counted in the tables themselves.
    ///   - excluded: tables that can't be read.
    package init(
        _ server: ScratchServer, counted: [TableName: UInt64], excluded: Set<TableName> = [], jobs: Int,
        progress: any ProgressObserver = SilentProgress(), cancellation: Cancellation
    ) {
        self.server = server
        self.counted = counted
        self.excluded = excluded
        self.jobs = jobs
        self.progress = progress
        self.cancellation = cancellation
    }

    /// - Throws: ``Obstacle`` when it could not be looked at.
    package func check(_ databases: [String]) throws -> Check {
        var (tables, others): (UInt64, UInt64) = (0, 0)
        do {
            for database in databases {
                let own = Dictionary(
                    uniqueKeysWithValues: counted.filter { $0.key.database == database }.map {
                        (Self.bare($0.key), $0.value)
                    })
                let unseen = try UnseenTables.read(server.connect(database: database), rows: own)
                let known = try count(in: database, .indexes, .users, without: unseen).rows
                    .filter { own[$0.key] != nil }
                let catalog = try count(in: database, .tables, .catalog).rows
                let indexed = try count(in: database, .indexes, .catalog, without: unseen).rows
                let differing =
                    known.filter { own[$0.key] != $0.value } + indexed.filter { catalog[$0.key] != $0.value }
                let found = try differing.map(\.key).sorted().compactMap { try difference($0, in: database) }
                if let first = found.first { return Self.failed(first, details: found) }
                tables += UInt64(known.count)
                others += UInt64(own.count - known.count)
            }
        } catch let obstacle as Obstacle where (obstacle.cause as? PostgreSQLError)?.showsDamage == true {
            return .failed(
                Self.name, in: .amcheck, .corrupt, "an index knows rows that can't be read: \(obstacle.message)",
                hint: Self.hint)
        }
        let without =
            others == 0
            ? ""
            : "; \(Quantity.count(others, "table")) could not be asked, without an index of all rows, or with much that no VACUUM saw"
        return .verified(
            Self.name, in: .amcheck,
            "the indexes of \(Quantity.count(tables, "table")) and of the catalogs know as many rows as these hold\(without)"
        )
    }

    private static let hint =
        "A file of the table lost its end, or pages of it are zeros; in production, too, or the backup lost them: count there, with and "
        + "without SET enable_seqscan = off, and look at its disk."

    private static func failed(_ first: Difference, details: [Difference]) -> Check {
        .failed(
            name, in: .amcheck, first.rows < first.indexed ? .rowsDiffer : .corrupt, first.text,
            hint: first.rows < first.indexed
                ? hint : "REINDEX in production; a restore would bring the index back as it is.",
            details: details.prefix(20).map(\.text))
    }

    private struct Difference {
        let table: TableName
        let rows: UInt64
        let indexed: UInt64

        var text: String {
            "\(table) holds \(Quantity.count(rows, "row")), and its index knows \(Quantity.count(indexed))"
        }
    }

    private func count(
        in database: String, _ way: RowCountingWay, _ scope: RowCountingScope, without others: Set<TableName> = []
    ) throws -> RowCount {
        let excluded = others.union(excluded.filter { $0.database == database }.map(Self.bare))
        return try RowCounter(
            jobs: jobs, limits: nil, excluded: excluded, way: way, scope: scope, stage: .amcheck, progress: progress,
            cancellation: cancellation
        ) { try server.connect(database: database) }.count()
    }

    /// Both ways once more in one snapshot: nobody is accused because something was written between two counts.
    private func difference(_ table: TableName, in database: String) throws -> Difference? {
        let connection = try server.connect(database: database)
        func rows(_ way: RowCountingWay) throws -> UInt64 {
            try connection.execute("SAVEPOINT way")
            if let settings = way.settings { try connection.execute(settings) }
            let rows = try TableTally.read(table, connection, checksum: nil).rows
            try connection.execute("ROLLBACK TO SAVEPOINT way")
            return rows
        }
        try connection.execute(ReadOnlyTransaction.begin)
        let (held, indexed) = (try rows(.tables), try rows(.indexes))
        try connection.execute("COMMIT")
        let named = TableName(database: database, schema: table.schema, name: table.name)
        return held == indexed ? nil : Difference(table: named, rows: held, indexed: indexed)
    }

    private static func bare(_ table: TableName) -> TableName { TableName(schema: table.schema, name: table.name) }
}
