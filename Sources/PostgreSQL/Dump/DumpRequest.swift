package import Backups

/// What `restorable dump` is asked to make.
package struct DumpRequest: Sendable {
    package var source: ConnectionParameters
    /// An existing directory; not used with a ``store``.
    package var directory: String
    /// Where it is written to instead of a directory: the bytes go there as they come.
    package var store: (any Location)?
    /// The name of the backup in it; nothing of that name may be there.
    package var name: String
    package var format: Format
    /// pg_dump's `--compress`; `nil` for what suits the format (6 for plain, pg_dump's own default otherwise).
    package var compression: Int?
    /// Path of the pg_dump to run, at least as new as the server.
    package var pgDump: String
    /// Connections that count beside pg_dump, and pg_dump's own jobs for a directory.
    package var jobs: Int
    /// Content checksums of every table: another full read of the database.
    package var checksums: Bool
    package var limits: ReadLimits

    package init(
        source: ConnectionParameters, directory: String, name: String, format: Format = .plain, compression: Int? = nil,
        pgDump: String, jobs: Int = 2, checksums: Bool = false, limits: ReadLimits = .production
    ) {
        self.source = source
        self.directory = directory
        self.name = name
        self.format = format
        self.compression = compression
        self.pgDump = pgDump
        self.jobs = max(1, jobs)
        self.checksums = checksums
        self.limits = limits
    }

    /// The formats of pg_dump that are worth making: a tar has no checksum of its content and no parallel restore.
    package enum Format: String, Sendable, CaseIterable {
        /// SQL text in gzip, compressed by pg_dump.
        case plain
        case custom
        case directory

        package var suffix: String {
            switch self {
            case .plain: ".sql.gz"
            case .custom: ".dump"
            case .directory: ".dir"
            }
        }

        var backupFormat: BackupFormat {
            switch self {
            case .plain: .plain
            case .custom: .custom
            case .directory: .directory
            }
        }
    }

    /// `shop-20261120-020000.sql.gz`: the database, the time in UTC, what the format is called.
    package static func name(database: String, at time: Timestamp, format: Format) -> String {
        let safe = database.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }
        let digits = time.description.filter(\.isNumber)
        return "\(String(safe).drop { $0 == "." })-\(digits.prefix(8))-\(digits.dropFirst(8))\(format.suffix)"
    }
}
