package import Backups
package import Scheduling

/// The configuration file, read and found valid.
package struct Configuration: Sendable, Equatable {
    package var daemon = DaemonSettings()
    package var scratch: ScratchSettings
    package var databases: [DatabaseSettings]
}

/// `scratch`: where and how throw-away servers run. `nil` means the default of the command line.
package struct ScratchSettings: Sendable, Equatable {
    package var directory: String?
    package var memory: UInt64?
    package var maxDisk: UInt64?
    package var maxContent: UInt64?
    package var jobs: Int?
    package var user: String?
    package var profile: RestoreFacts.Profile?
    package var deadline: Duration?
    /// Of a configured verification without `deadline`: one that hangs must not hold up all others for good.
    package static let standardDeadline = Duration.seconds(86_400)
    /// Added to the niceness of what runs a restore, 0 to 19.
    package var nice: Int?
    /// `bin` directories of PostgreSQL installations.
    package var postgresqlBin: [String] = []
}

/// One of `databases`: one database, or, where ``discovers``, as many as its location holds backups of.
package struct DatabaseSettings: Sendable, Equatable {
    /// With `{database}` in it where ``discovers``.
    package var name: String
    /// libpq connection string of production; read only. Holds no password of its own.
    package var connection: String?
    /// Variables of the environment that any database's connection takes a secret from: no filter gets them.
    package var secretVariables: Set<String> = []
    package var backups: BackupSettings
    package var objectives = ConfiguredObjectives()
    package var ignoredExtensions: [String] = []
    package var preloadedLibraries: [String] = []
    package var rows = RowSettings()
    package var freshness: [FreshnessSettings] = []
    package var queries: [QuerySettings] = []
    package var allowEmpty = false
    package var schedule = VerificationSchedule()
    /// A directory on the file system that holds production's data, as seen from here.
    package var diskPath: String?
    package var walArchive: WALArchiveSettings?
    package var drill: DrillSettings?
}

/// `wal_archive`: where the server archives its write-ahead log.
package struct WALArchiveSettings: Sendable, Hashable {
    /// A directory, `s3://bucket/prefix` or `rclone:remote:path`.
    package var location: String
    /// Where base backups lie, in the same words. `nil`: those count whose notes the archive holds.
    package var base: String?
    /// Between two looks at it.
    package var interval = Duration.seconds(300)
    /// A hole is no gap as long as what follows it was stored more lately than this.
    package var grace = Duration.seconds(600)
    /// Between two listings of all of it, where object storage is asked for what is new in between.
    package var sweep = Duration.seconds(3600)
}

/// `backups`: where the backups of a database lie.
package struct BackupSettings: Sendable, Equatable {
    /// A directory, `s3://bucket/prefix` or `rclone:remote:path`.
    package var location: String
    /// `nil`: every file of the location.
    package var match: BackupPattern?
    /// What the times in the names of backups mean.
    package var clock = NameClock()
    package var minimumSize: UInt64?
    /// File of `pg_dumpall --globals-only`, relative to the location unless absolute.
    package var globals: String?
    /// A command from standard input to standard output; its first word is the program.
    package var filter: [String] = []
}

package struct RowSettings: Sendable, Equatable {
    /// How far a live database may have moved on since a backup.
    package var drift: Drift?
    /// Least rows of tables.
    package var minimum: [TableName: UInt64] = [:]
    /// Whether rows are held against production's counters, where there is a connection and no drift.
    package var isBounded = true
    /// Tables that are not held against them: left out of the dumps, or emptied, on purpose.
    package var unbounded: Set<TableName> = []
}

package struct FreshnessSettings: Sendable, Equatable {
    package var table: TableName
    package var column: String
}

package struct QuerySettings: Sendable, Equatable {
    package var name: String
    package var sql: String
}
