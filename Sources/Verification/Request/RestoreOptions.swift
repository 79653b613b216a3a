package import Backups
import Integrity
import PostgreSQL

/// How a backup is restored.
package struct RestoreOptions: Sendable, Equatable {
    package enum LoaderChoice: String, Sendable, CaseIterable {
        /// Our own, over libpq.
        case native
        /// psql: the tool of the bad day.
        case psql
    }

    package var loader = LoaderChoice.native
    /// Connections side by side.
    package var jobs = 2
    package var profile = RestoreFacts.Profile.fast
    /// Leaves the server running, and says how to connect.
    package var keepsScratch = false
    /// `schema.table`, or a bare name for `public`.
    package var tables: [TableName] = []
    package var schemas: [String] = []
    package var ignoredExtensions: [String] = []
    /// `shared_preload_libraries`.
    package var preload: [String] = []
    /// Where scratch lies; `nil` for the default.
    package var directory: String?
    /// For the server; `nil` for the default.
    package var memory: UInt64?
    /// Most bytes that scratch may take, with the copy of a backup that can be read once only.
    package var maximumDisk: UInt64?
    /// Most bytes of content that are accepted; `nil` for the default.
    package var maximumContent: UInt64?
    /// Unprivileged user of the server when started as root.
    package var user: String?
    package var deadline: Duration?
    /// Added to the niceness of the server, 0 to 19; above 0 its input and output wait for others' too.
    package var niceness = 0
    /// `bin` directories to look in first.
    package var postgresqlBin: [String] = []

    /// The program that keeps watch over scratch servers; `nil` for this one.
    package var program: String?

    package init() {}

    var limits: IntegrityLimits {
        IntegrityLimits(maximumContentBytes: maximumContent ?? IntegrityLimits.standardContentBytes)
    }

    var spoolLimits: SpoolLimits { SpoolLimits(maximumBytes: maximumDisk) }

    /// What need not come back.
    var schemaTolerance: SchemaTolerance { SchemaTolerance(ignoredExtensions: Set(ignoredExtensions)) }

    /// Only a part of the backup is restored.
    package var isSelection: Bool { !tables.isEmpty || !schemas.isEmpty }
}
