internal import Backups

/// The `backup_manifest` that `pg_basebackup` writes: every file of a base backup with its size and checksum, and the WAL
/// that must be replayed to make it consistent.
///
/// Source: PostgreSQL 18 documentation, chapter "Backup Manifest Format"; src/common/parse_manifest.c.
package struct BaseBackupManifest: Sendable {
    /// One file below the data directory.
    package struct File: Sendable, Equatable {
        package let path: DataPath
        /// Bytes.
        package let size: UInt64
        /// `nil` when the backup was made with `--manifest-checksums=NONE`.
        package let checksum: FileChecksum?

        package init(path: DataPath, size: UInt64, checksum: FileChecksum?) {
            self.path = path
            self.size = size
            self.checksum = checksum
        }
    }

    /// WAL of one timeline that the backup needs.
    package struct WALRange: Sendable, Equatable {
        package let timeline: UInt32
        /// Bytes from the beginning of the write-ahead log.
        package let start: UInt64
        package let end: UInt64

        package init(timeline: UInt32, start: UInt64, end: UInt64) {
            self.timeline = timeline
            self.start = start
            self.end = end
        }
    }

    /// From version 2 (PostgreSQL 17) on.
    package let systemIdentifier: UInt64?
    package let files: [File]
    package let walRanges: [WALRange]

    package init(systemIdentifier: UInt64?, files: [File], walRanges: [WALRange]) {
        self.systemIdentifier = systemIdentifier
        self.files = files
        self.walRanges = walRanges
    }

    /// Bytes of all files that it lists.
    package var totalSize: UInt64 { files.reduce(0) { $0 &+ $1.size } }

    /// Whether every file but empty ones carries a checksum.
    package var hasChecksums: Bool { files.allSatisfy { $0.checksum != nil || $0.size == 0 } }

    /// Its name beside the files that it lists.
    package static let fileName = BaseBackupNames.manifest
    static let path = DataPath(fileName)
}
