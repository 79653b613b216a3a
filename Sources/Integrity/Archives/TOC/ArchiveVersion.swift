/// Version of pg_dump's archive format, at the head of custom files and of `toc.dat`.
///
/// Source: PostgreSQL 18 src/bin/pg_dump/pg_backup_archiver.h, `K_VERS_1_12` to `K_VERS_1_16`.
package struct ArchiveVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let major: UInt8
    package let minor: UInt8
    package let revision: UInt8

    package init(_ major: UInt8, _ minor: UInt8, _ revision: UInt8 = 0) {
        self.major = major
        self.minor = minor
        self.revision = revision
    }

    /// PostgreSQL 9.0: one entry for each large object. The oldest that is read here.
    package static let oldestKnown = ArchiveVersion(1, 12)
    /// PostgreSQL 10.3 and 11: names in definitions are qualified, the search path is empty.
    package static let withQualifiedNames = ArchiveVersion(1, 13)
    /// PostgreSQL 12: the access method of a table.
    package static let withTableAccessMethod = ArchiveVersion(1, 14)
    /// PostgreSQL 16: the compression algorithm in the header.
    package static let withCompressionAlgorithm = ArchiveVersion(1, 15)
    /// PostgreSQL 17: `BLOB METADATA`, several `BLOBS` entries, relkind.
    package static let withRelationKind = ArchiveVersion(1, 16)
    /// The newest that is read here, with any revision (`K_VERS_MAX`).
    package static let newestKnown = ArchiveVersion(1, 16, 255)

    package var description: String { "\(major).\(minor)" }

    package static func < (left: ArchiveVersion, right: ArchiveVersion) -> Bool {
        (left.major, left.minor, left.revision) < (right.major, right.minor, right.revision)
    }
}
