package import Backups

/// The configuration file, read and found valid.
package struct Configuration: Sendable, Equatable {
    package var scratch: ScratchSettings
    package var databases: [DatabaseSettings]
}

/// `scratch`: where and how throw-away servers run. `nil` means the default of the command line.
package struct ScratchSettings: Sendable, Equatable {
    package var directory: String?
    package var memory: UInt64?
    package var maxDisk: UInt64?
    package var jobs: Int?
    package var user: String?
    package var profile: RestoreFacts.Profile?
    package var deadline: Duration?
    /// `bin` directories of PostgreSQL installations.
    package var postgresqlBin: [String] = []
}

/// One of `databases`.
package struct DatabaseSettings: Sendable, Equatable {
    package var name: String
    /// libpq connection string of production; read only. Holds no password of its own.
    package var connection: String?
    package var backups: BackupSettings
    package var objectives = ObjectiveSettings()
    package var ignoredExtensions: [String] = []
    package var preloadedLibraries: [String] = []
    package var rows = RowSettings()
    package var freshness: [FreshnessSettings] = []
    package var queries: [QuerySettings] = []
    package var allowEmpty = false
}

/// `backups`: where the backups of a database lie.
package struct BackupSettings: Sendable, Equatable {
    /// A directory.
    package var location: String
    /// `nil`: every file of the location.
    package var match: BackupPattern?
    package var minimumSize: UInt64?
    /// File of `pg_dumpall --globals-only`, relative to the location unless absolute.
    package var globals: String?
    /// A command from standard input to standard output; its first word is the program.
    package var filter: [String] = []
}

package struct ObjectiveSettings: Sendable, Equatable {
    package var rpo: Duration?
    package var rto: Duration?
}

package struct RowSettings: Sendable, Equatable {
    /// How far a live database may have moved on since a backup.
    package var drift: Drift?
    /// Least rows by `schema.table`.
    package var minimum: [String: UInt64] = [:]
}

package struct FreshnessSettings: Sendable, Equatable {
    package var table: String
    package var column: String
}

package struct QuerySettings: Sendable, Equatable {
    package var name: String
    package var sql: String
}
