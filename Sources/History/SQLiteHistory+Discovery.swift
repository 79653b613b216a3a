package import Backups
import GRDB

extension SQLiteHistory {
    package func noteDiscovered(
        _ databases: [String], by entry: String?, at now: Timestamp
    ) throws -> [String: Timestamp] {
        try writing { connection in
            try databases.reduce(into: [:]) { since, name in
                let owner = try Self.owner(name, in: connection)
                try connection.run(
                    """
                    UPDATE databases SET discovered_by = ?, monitored_since = coalesce(monitored_since, ?)
                    WHERE id = ?
                    """, [entry.databaseValue, .time(now), owner.databaseValue])
                since[name] = try connection.row(
                    "SELECT monitored_since FROM databases WHERE id = ?", [owner.databaseValue])?
                    .time("monitored_since")
            }
        }
    }

    /// In the order of their names.
    package func discovered() throws -> [DiscoveredDatabase] {
        try reading { connection in
            try connection.rows(
                """
                SELECT name, discovered_by, monitored_since FROM databases
                WHERE discovered_by IS NOT NULL AND monitored_since IS NOT NULL ORDER BY name
                """
            ).map { row in
                DiscoveredDatabase(
                    name: try row.text("name"), entry: try row.text("discovered_by"),
                    monitoredSince: try row.time("monitored_since"))
            }
        }
    }
}
