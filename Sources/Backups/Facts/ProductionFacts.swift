/// What production said of itself when it was last asked. Its values stay as last known while it can't be reached.
package struct ProductionFacts: Sendable, Equatable {
    package var isUp: Bool
    /// Why it did not answer; without secrets.
    package var problem: String?
    package var sampledAt: Timestamp?
    /// `nil` where WAL is not archived at all, or may not be asked about.
    package var archiving: ArchivingFacts?
    package var databaseBytes: UInt64?
    /// Of the file system that holds the data directory, where its path is configured and seen from here.
    package var disk: DiskFacts?

    package init(
        isUp: Bool, problem: String? = nil, sampledAt: Timestamp? = nil, archiving: ArchivingFacts? = nil,
        databaseBytes: UInt64? = nil, disk: DiskFacts? = nil
    ) {
        self.isUp = isUp
        self.problem = problem
        self.sampledAt = sampledAt
        self.archiving = archiving
        self.databaseBytes = databaseBytes
        self.disk = disk
    }
}

package struct DiskFacts: Sendable, Equatable {
    package var usedBytes: UInt64
    package var capacityBytes: UInt64

    package init(usedBytes: UInt64, capacityBytes: UInt64) {
        self.usedBytes = usedBytes
        self.capacityBytes = capacityBytes
    }
}

/// How far the archive of the write-ahead log is behind.
package struct ArchivingFacts: Sendable, Equatable {
    /// Age of the oldest segment that is ready and not archived, 0 when there is none; `nil` where it may not be asked.
    package var lagSeconds: Double?
    /// Segments with a `.ready` file.
    package var readySegments: UInt64?
    /// Age and size of everything written and not yet archived, the unfinished segment included.
    package var unarchivedAgeSeconds: Double?
    package var unarchivedBytes: UInt64?
    /// From `pg_stat_archiver`.
    package var archivedSegments: UInt64
    package var failures: UInt64
    package var lastSuccess: Timestamp?
    package var lastFailure: Timestamp?

    package init(
        lagSeconds: Double? = nil, readySegments: UInt64? = nil, unarchivedAgeSeconds: Double? = nil,
        unarchivedBytes: UInt64? = nil, archivedSegments: UInt64 = 0, failures: UInt64 = 0,
        lastSuccess: Timestamp? = nil, lastFailure: Timestamp? = nil
    ) {
        self.lagSeconds = lagSeconds
        self.readySegments = readySegments
        self.unarchivedAgeSeconds = unarchivedAgeSeconds
        self.unarchivedBytes = unarchivedBytes
        self.archivedSegments = archivedSegments
        self.failures = failures
        self.lastSuccess = lastSuccess
        self.lastFailure = lastFailure
    }
}
