/// Production's own counters at one moment: what bounds the rows of a restored table (`pg_stat_user_tables`).
package struct ProductionSample: Sendable, Equatable, Codable {
    package var takenAt: Timestamp
    /// Changes with every reset, crash and failover: what was counted before it can't be compared with what comes after.
    /// System identifier, timeline, database, and `stats_reset` of the database and of the archiver, as one text.
    package var epoch: String
    /// Changes when something may have gone uncounted: start of the server, when its configuration was last read.
    /// `nil` where the server is known not to count everything.
    package var circumstances: String?
    package var tables: [TableCounters]

    package init(takenAt: Timestamp, epoch: String, circumstances: String? = nil, tables: [TableCounters]) {
        self.takenAt = takenAt
        self.epoch = epoch
        self.circumstances = circumstances
        self.tables = tables
    }
}

/// One table of a ``ProductionSample``.
package struct TableCounters: Sendable, Equatable, Codable {
    package var schema: String
    package var name: String
    package var oid: UInt32
    /// Changes with TRUNCATE and with rewrites.
    package var relfilenode: UInt32
    /// Transaction that last changed what the catalog says of the table (`xmin` of its row in pg_class): a rename is one.
    package var definition: UInt32
    package var inserted: UInt64
    package var updated: UInt64
    package var deleted: UInt64
    /// Estimate of the statistics collector.
    package var liveRows: UInt64

    package init(
        schema: String, name: String, oid: UInt32, relfilenode: UInt32, inserted: UInt64, updated: UInt64,
        deleted: UInt64, liveRows: UInt64, definition: UInt32 = 0
    ) {
        self.schema = schema
        self.name = name
        self.oid = oid
        self.relfilenode = relfilenode
        self.definition = definition
        self.inserted = inserted
        self.updated = updated
        self.deleted = deleted
        self.liveRows = liveRows
    }
}
