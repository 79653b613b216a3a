/// Production's own counters at one moment: what bounds the rows of a restored table (`pg_stat_user_tables`).
package struct ProductionSample: Sendable, Equatable, Codable {
    package var takenAt: Timestamp
    /// Changes with every reset and every crash: what was counted before it can't be compared with what comes after.
    /// Postmaster start, `stats_reset` of the database and of the archiver, and the system identifier, as one text.
    package var epoch: String
    package var tables: [TableCounters]

    package init(takenAt: Timestamp, epoch: String, tables: [TableCounters]) {
        self.takenAt = takenAt
        self.epoch = epoch
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
    package var inserted: UInt64
    package var updated: UInt64
    package var deleted: UInt64
    /// Estimate of the statistics collector.
    package var liveRows: UInt64

    package init(
        schema: String, name: String, oid: UInt32, relfilenode: UInt32, inserted: UInt64, updated: UInt64,
        deleted: UInt64, liveRows: UInt64
    ) {
        self.schema = schema
        self.name = name
        self.oid = oid
        self.relfilenode = relfilenode
        self.inserted = inserted
        self.updated = updated
        self.deleted = deleted
        self.liveRows = liveRows
    }
}
