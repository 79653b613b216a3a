package import Backups

/// What a server said of itself in one short transaction: values only, not yet judged.
package struct ProductionReading: Sendable, Equatable {
    /// `archive_mode`.
    package enum ArchiveMode: String, Sendable {
        case off, on, always
    }

    /// The row of `pg_stat_archiver`. A crash blanks it.
    package struct Archiver: Sendable, Equatable {
        package var archived: UInt64
        /// A segment, or another file that is archived.
        package var lastArchived: WALFileName?
        package var lastSuccess: Timestamp?
        package var failures: UInt64
        package var lastFailure: Timestamp?

        package init(
            archived: UInt64 = 0, lastArchived: WALFileName? = nil, lastSuccess: Timestamp? = nil,
            failures: UInt64 = 0, lastFailure: Timestamp? = nil
        ) {
            self.archived = archived
            self.lastArchived = lastArchived
            self.lastSuccess = lastSuccess
            self.failures = failures
            self.lastFailure = lastFailure
        }
    }

    /// By the server's own clock, as all its times are: ages must not hold the difference of two clocks.
    package var takenAt: Timestamp
    /// A standby, or a server that is being recovered.
    package var isInRecovery: Bool
    package var archiveMode: ArchiveMode
    package var segmentSize: WALSegmentSize
    /// How far WAL is written; on a standby, received. `nil` on one that has received none yet.
    package var position: WALPosition?
    /// The timeline that is written now; `nil` on a standby.
    package var timeline: UInt32?
    package var archiver: Archiver
    /// `nil` where the role may not list it.
    package var status: ArchiveStatus?
    /// `pg_database_size`; `nil` where it could not be found out in time.
    package var databaseBytes: UInt64?

    package init(
        takenAt: Timestamp, isInRecovery: Bool = false, archiveMode: ArchiveMode = .on, segmentSize: WALSegmentSize,
        position: WALPosition?, timeline: UInt32? = nil, archiver: Archiver = Archiver(), status: ArchiveStatus? = nil,
        databaseBytes: UInt64? = nil
    ) {
        self.takenAt = takenAt
        self.isInRecovery = isInRecovery
        self.archiveMode = archiveMode
        self.segmentSize = segmentSize
        self.position = position
        self.timeline = timeline
        self.archiver = archiver
        self.status = status
        self.databaseBytes = databaseBytes
    }

    /// Whether this server hands WAL to an archive: a standby does only with `archive_mode = always` (documentation,
    /// "26.2.9. Continuous Archiving in Standby").
    package var isArchiving: Bool {
        switch archiveMode {
        case .off: false
        case .on: !isInRecovery
        case .always: true
        }
    }
}
