package import Backups
import GRDB

extension SQLiteHistory {
    package func noteBackups(_ database: String, _ backups: [CatalogBackup], at moment: Timestamp) throws {
        // Listings come often and seldom say anything new: then the file is not written to, nor its writer held up.
        let (known, present) = try reading {
            (try Self.noted(database, in: $0), Set(try Self.present(database, in: $0).map(\.identity)))
        }
        let there = Set(backups.map(\.identity))
        let new = backups.filter { known[$0.identity] != $0 || !present.contains($0.identity) }
        let gone = present.subtracting(there)
        guard !new.isEmpty || !gone.isEmpty else { return }
        try writing(.soon) { connection in
            let owner = try Self.owner(database, in: connection)
            for backup in new {
                let identity = try Self.backup(backup.identity, of: owner, in: connection)
                try connection.run(
                    """
                    UPDATE backups SET completed_at = ?, data_as_of = ?, first_seen = coalesce(first_seen, ?),
                        is_present = 1
                    WHERE id = ?
                    """,
                    [.time(backup.completedAt), .time(backup.dataAsOf), .time(moment), identity.databaseValue])
            }
            for identity in gone {
                let backup = try Self.backup(identity, of: owner, in: connection)
                try connection.run("UPDATE backups SET is_present = 0 WHERE id = ?", [backup.databaseValue])
            }
        }
    }

    package func knownBackups(of database: String, limit: Int) throws -> [CatalogBackup] {
        try reading { connection in
            guard let owner = try Self.knownOwner(database, in: connection) else { return [] }
            return try connection.rows(
                """
                SELECT path, size_bytes, modified, completed_at, data_as_of FROM backups
                WHERE database = ? AND completed_at IS NOT NULL
                ORDER BY coalesce(data_as_of, completed_at) DESC, id DESC LIMIT ?
                """, [owner.databaseValue, max(0, limit).databaseValue]
            ).reversed().map { try Self.catalogBackup($0) }
        }
    }

    package func presentBackups(of database: String) throws -> [CatalogBackup] {
        try reading { try Self.present(database, in: $0).inOrder }
    }

    /// The backup's number; one that is new gets one.
    static func backup(_ identity: BackupIdentity, of owner: Int64, in connection: Database) throws -> Int64 {
        let key = [
            owner.databaseValue, StoredText.value(identity.path), .count(identity.sizeBytes), .time(identity.modified),
        ]
        let known = try connection.row(
            "SELECT id FROM backups WHERE database = ? AND path = ? AND size_bytes = ? AND modified = ?", key)
        if let known { return try known.key("id") }
        try connection.run("INSERT INTO backups (database, path, size_bytes, modified) VALUES (?, ?, ?, ?)", key)
        return connection.lastInsertedRowID
    }

    private static func noted(
        _ database: String, in connection: Database
    ) throws -> [BackupIdentity: CatalogBackup] {
        guard let owner = try knownOwner(database, in: connection) else { return [:] }
        return try connection.rows(
            """
            SELECT path, size_bytes, modified, completed_at, data_as_of FROM backups
            WHERE database = ? AND completed_at IS NOT NULL
            """, [owner.databaseValue]
        ).reduce(into: [:]) { known, row in
            let backup = try catalogBackup(row)
            known[backup.identity] = backup
        }
    }

    private static func present(_ database: String, in connection: Database) throws -> [CatalogBackup] {
        guard let owner = try knownOwner(database, in: connection) else { return [] }
        return try connection.rows(
            """
            SELECT path, size_bytes, modified, completed_at, data_as_of FROM backups WHERE database = ? AND is_present
            """, [owner.databaseValue]
        ).map { try catalogBackup($0) }
    }

    private static func catalogBackup(_ row: Row) throws -> CatalogBackup {
        CatalogBackup(
            identity: try row.identity(), completedAt: try row.time("completed_at"),
            dataAsOf: row.optionalTime("data_as_of"))
    }
}
