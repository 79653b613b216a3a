/// What was there when a backup was made: `<backup>.manifest.json`, written beside it.
///
/// A manifest is what makes "equal to what was there" provable: rows and checksums were counted in the very snapshot
/// that the dump shows, and the digest says which file it speaks of. Its JSON is described in `docs/manifest.md`.
package struct Manifest: Sendable, Equatable {
    /// The version of the JSON; any other is refused.
    package static let currentVersion = 1

    package var backup: BackupFile
    /// How the rows came to be known.
    package var origin: Origin
    package var database: String?
    /// The moment whose data the backup shows, by the clock of the server that was dumped.
    package var snapshotAt: Timestamp?
    /// When the last byte was written.
    package var completedAt: Timestamp?
    /// The server's WAL position just after the snapshot was taken (`pg_current_wal_lsn`), as `0/1A2B3C`.
    package var walPosition: String?
    package var tool: Tool
    package var server: Server
    package var tables: [Table]
    package var sequences: [Sequence]
    package var largeObjects: LargeObjects?
    package var schema: Schema?
    /// How ``Table/checksum`` was made; `nil` when there are none.
    package var checksumAlgorithm: String?

    package init(
        backup: BackupFile, origin: Origin, database: String? = nil, snapshotAt: Timestamp? = nil,
        completedAt: Timestamp? = nil, walPosition: String? = nil, tool: Tool, server: Server, tables: [Table],
        sequences: [Sequence] = [], largeObjects: LargeObjects? = nil, schema: Schema? = nil,
        checksumAlgorithm: String? = nil
    ) {
        self.backup = backup
        self.origin = origin
        self.database = database
        self.snapshotAt = snapshotAt
        self.completedAt = completedAt
        self.walPosition = walPosition
        self.tool = tool
        self.server = server
        self.tables = tables
        self.sequences = sequences
        self.largeObjects = largeObjects
        self.schema = schema
        self.checksumAlgorithm = checksumAlgorithm
    }

    /// Rows of every table, by name.
    package var rows: [TableName: UInt64] {
        Dictionary(tables.map { ($0.name, $0.rows) }, uniquingKeysWith: { first, _ in first })
    }
}

extension Manifest {
    package enum Origin: String, Codable, Sendable, CaseIterable {
        /// Counted in the database, in the dump's own snapshot: the backup can be held against what was there.
        case snapshot
        /// Counted in the backup itself, later: it only fixes the bytes, and proves no more than the backup does (`self`).
        case scan
    }

    /// The strongest proof that equality with this manifest gives.
    package var proof: Proof { origin == .snapshot ? .manifest : .itself }

    /// Whether every table and the large objects have a checksum, so that equal checksums prove the content.
    package var coversContent: Bool {
        checksumAlgorithm != nil && tables.allSatisfy { $0.checksum != nil }
            && (largeObjects.map { $0.count == 0 || $0.checksum != nil } ?? false)
    }
}
