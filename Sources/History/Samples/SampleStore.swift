import Backups
import FoundationEssentials
import GRDB

/// Samples of production's counters of one database. The names of tables are kept once, and a sample that saw nothing
/// change shares the counters of the one before.
struct SampleStore {
    let database: Database
    let owner: Int64

    func note(_ sample: ProductionSample) throws {
        let tables = try encoded(sample.tables)
        let epoch = StoredText.value(sample.epoch)
        let circumstances = StoredText.value(sample.circumstances)
        let latest = try database.row(
            """
            SELECT counters.* FROM samples JOIN counters ON counters.id = samples.counters
            WHERE samples.database = ? ORDER BY taken_at DESC, samples.id DESC LIMIT 1
            """, [owner.databaseValue])
        let counters: Int64
        if let latest, latest["epoch"] == epoch, latest["circumstances"] == circumstances,
            latest["tables"] == tables
        {
            counters = try latest.key("id")
        } else {
            try database.insert(
                into: "counters",
                [
                    "database": owner.databaseValue, "epoch": epoch, "circumstances": circumstances, "tables": tables,
                ])
            counters = database.lastInsertedRowID
        }
        try database.insert(
            into: "samples",
            [
                "database": owner.databaseValue, "taken_at": .time(sample.takenAt),
                "counters": counters.databaseValue,
            ])
    }

    /// The last at or before `moment`, if there is one, and all after it, the oldest first, until `visit` answers false.
    /// Counters that samples in a row share are read once.
    func visit(spanning moment: Timestamp, _ visit: (ProductionSample) throws -> Bool) throws {
        let last = try database.row(
            "SELECT max(taken_at) AS last FROM samples WHERE database = ? AND taken_at <= ?",
            [owner.databaseValue, .time(moment)])
        let start = last?.optionalTime("last") ?? moment
        let names = try names()
        let statement = try database.cachedStatement(
            sql: "SELECT taken_at, counters FROM samples WHERE database = ? AND taken_at >= ? ORDER BY taken_at, id")
        let rows = try Row.fetchCursor(statement, arguments: [owner, start.microseconds])
        var shared: (counters: Int64, sample: ProductionSample)?
        while let row = try rows.next() {
            let (counters, takenAt) = (try row.key("counters"), try row.time("taken_at"))
            var sample = try shared.flatMap { $0.counters == counters ? $0.sample : nil } ?? read(counters, names)
            sample.takenAt = takenAt
            shared = (counters, sample)
            guard try visit(sample) else { return }
        }
    }

    private typealias Names = [Int64: (schema: String, name: String)]

    private func names() throws -> Names {
        try database.rows("SELECT id, schema, name FROM relations WHERE database = ?", [owner.databaseValue])
            .reduce(into: [:]) { $0[try $1.key("id")] = (try $1.text("schema"), try $1.text("name")) }
    }

    /// A sample of no time yet.
    private func read(_ counters: Int64, _ names: Names) throws -> ProductionSample {
        let row = try database.row(
            "SELECT epoch, circumstances, tables FROM counters WHERE id = ?", [counters.databaseValue])
        let bytes: Data? = row?["tables"]
        guard let row, let bytes, let tables = CounterEncoding.decode(Array(bytes), name: { names[$0] }) else {
            throw Obstacle(.unreadable, "a production sample in the history can't be read")
        }
        return ProductionSample(
            takenAt: Timestamp(seconds: 0), epoch: try row.text("epoch"),
            circumstances: row.optionalText("circumstances"), tables: tables)
    }

    /// Of the samples before `moment` leaves the last of every `interval`, of every database.
    static func thin(before moment: Timestamp, to interval: Duration, in database: Database) throws {
        let microseconds = max(1, interval.components.seconds) * 1_000_000
        try database.run(
            """
            DELETE FROM samples WHERE taken_at < ? AND id NOT IN (
                SELECT id FROM (SELECT id, max(taken_at) FROM samples WHERE taken_at < ?
                    GROUP BY database, taken_at / ?))
            """, [.time(moment), .time(moment), microseconds.databaseValue])
        try removeUnused(in: database)
    }

    /// Counters that no sample has any more.
    static func removeUnused(in database: Database) throws {
        try database.run("DELETE FROM counters WHERE NOT EXISTS (SELECT 1 FROM samples WHERE counters = counters.id)")
    }

    private func encoded(_ tables: [TableCounters]) throws -> DatabaseValue {
        let bytes = try CounterEncoding.encode(tables) { table in
            let key = [owner.databaseValue, StoredText.value(table.schema), StoredText.value(table.name)]
            let known = try database.row(
                "SELECT id FROM relations WHERE database = ? AND schema = ? AND name = ?", key)
            if let known { return try known.key("id") }
            try database.run("INSERT INTO relations (database, schema, name) VALUES (?, ?, ?)", key)
            return database.lastInsertedRowID
        }
        return Data(bytes).databaseValue
    }
}
