import Backups
import GRDB

extension HistoryHoldings {
    /// - Returns: `nil` for a database that is not known.
    init?(of name: String, in connection: Database) throws {
        let row = try connection.row(
            """
            SELECT monitored_since,
                (SELECT count(*) FROM runs WHERE database = databases.id) AS runs,
                (SELECT count(*) FROM backups WHERE database = databases.id) AS backups,
                (SELECT count(*) FROM samples WHERE database = databases.id) AS samples
            FROM databases WHERE name = ?
            """, [name.databaseValue])
        guard let row else { return nil }
        self.init(
            runs: Int(try row.key("runs")), backups: Int(try row.key("backups")),
            samples: Int(try row.key("samples")), monitoredSince: row.optionalTime("monitored_since"))
    }
}
