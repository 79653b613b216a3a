package import Backups
import GRDB

extension SQLiteHistory {
    package func monitoredSince(_ database: String, now: Timestamp) throws -> Timestamp {
        try fixed("monitored_since", of: database, now: now)
    }

    package func drilledSince(_ database: String, now: Timestamp) throws -> Timestamp {
        try fixed("drilled_since", of: database, now: now)
    }

    /// The moment in `column`, which is `now` where there was none.
    private func fixed(_ column: String, of database: String, now: Timestamp) throws -> Timestamp {
        let known = try reading { connection in
            try connection.row("SELECT \(column) FROM databases WHERE name = ?", [database.databaseValue])?
                .optionalTime(column)
        }
        if let known { return known }
        return try writing { connection in
            let owner = try Self.owner(database, in: connection)
            try connection.run(
                "UPDATE databases SET \(column) = coalesce(\(column), ?) WHERE id = ?",
                [.time(now), owner.databaseValue])
            let row = try connection.row("SELECT \(column) FROM databases WHERE id = ?", [owner.databaseValue])
            return try row?.time(column) ?? now
        }
    }

    /// In the order of their names.
    package func databases() throws -> [String] {
        try reading { try $0.rows("SELECT name FROM databases ORDER BY name").map { try $0.text("name") } }
    }

    /// Beside what the protocol spares, the runs stay that the facts of a database are read from: its last one, the last
    /// that judged a backup, the last that restored one, and that of the backup that decides its status.
    package func removeOlder(than moment: Timestamp) throws {
        try writing { connection in
            try connection.run(
                """
                DELETE FROM runs WHERE finished_at < ?
                    AND id NOT IN (SELECT last_run FROM backups WHERE last_run IS NOT NULL AND is_present)
                    AND id NOT IN (
                        SELECT (SELECT last_run FROM backups WHERE backups.database = databases.id
                                AND last_run IS NOT NULL ORDER BY judged_time DESC, last_run DESC LIMIT 1) AS run
                        FROM databases WHERE run IS NOT NULL)
                    AND id NOT IN (
                        SELECT last_run FROM databases WHERE last_run IS NOT NULL
                        UNION SELECT last_success FROM databases WHERE last_success IS NOT NULL
                        UNION SELECT last_judged FROM databases WHERE last_judged IS NOT NULL
                        UNION SELECT last_restored FROM databases WHERE last_restored IS NOT NULL
                        UNION SELECT last_drill FROM databases WHERE last_drill IS NOT NULL
                        UNION SELECT last_drill_success FROM databases WHERE last_drill_success IS NOT NULL
                        UNION SELECT deciding_drill FROM databases WHERE deciding_drill IS NOT NULL)
                """, [.time(moment)])
            // What is gone, and of which nothing is told any more.
            try connection.run(
                """
                DELETE FROM backups WHERE NOT is_present AND id NOT IN (SELECT backup FROM runs)
                    AND max(coalesce(judged_time, 0), coalesce(completed_at, 0), coalesce(first_seen, 0), modified) < ?
                """, [.time(moment)])
            try connection.run("DELETE FROM samples WHERE taken_at < ?", [.time(moment)])
            try SampleStore.removeUnused(in: connection)
        }
    }

    package func note(_ sample: ProductionSample, of database: String) throws {
        try writing(.soon) { connection in
            guard let owner = try Self.knownOwner(database, in: connection) else { return }
            try SampleStore(database: connection, owner: owner).note(sample)
        }
    }

    package func visitSamples(
        of database: String, spanning moment: Timestamp, _ visit: (ProductionSample) throws -> Bool
    ) throws {
        try reading { connection in
            guard let owner = try Self.knownOwner(database, in: connection) else { return }
            try SampleStore(database: connection, owner: owner).visit(spanning: moment, visit)
        }
    }

    package func thinSamples(before moment: Timestamp, to interval: Duration) throws {
        try writing(.soon) { try SampleStore.thin(before: moment, to: interval, in: $0) }
    }

    static func knownOwner(_ name: String, in connection: Database) throws -> Int64? {
        try connection.row("SELECT id FROM databases WHERE name = ?", [name.databaseValue])?.key("id")
    }

    /// The database's number; a name that is new gets one.
    static func owner(_ name: String, in connection: Database) throws -> Int64 {
        if let known = try knownOwner(name, in: connection) { return known }
        try connection.insert(into: "databases", ["name": name.databaseValue])
        return connection.lastInsertedRowID
    }
}
