package import Backups

/// The head of a custom archive or of a `toc.dat`.
package struct ArchiveHeader: Sendable, Equatable {
    package var version: ArchiveVersion
    /// How data blocks (custom) or data files (directory) were compressed when it was made.
    package var compression: Compression
    /// `2026-11-20 02:00:00`: local time of the machine that made it, of an unknown zone.
    package var createdAt: String
    package var databaseName: String
    /// `15.18 (Debian 15.18-0+deb12u1)`
    package var serverVersion: String
    /// `15.18 (Debian 15.18-0+deb12u1)`
    package var toolVersion: String
    /// Bytes of an integer and of an offset.
    var integerSize: Int
    var offsetSize: Int
}

/// The `format` byte of the head: `ArchiveFormat` in PostgreSQL 18 src/bin/pg_dump/pg_backup.h. A directory's `toc.dat`
/// says tar.
enum ArchiveLayout: UInt8 {
    case custom = 1
    case tar = 3
}
