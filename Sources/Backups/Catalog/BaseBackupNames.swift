/// Names by which a base backup of PostgreSQL is known: of its manifest, and of the tar that `pg_basebackup -Ft` makes of
/// the data directory.
package enum BaseBackupNames {
    package static let manifest = "backup_manifest"
    /// In every data directory, and in each of its databases: it shows one only together with ``global``.
    package static let version = "PG_VERSION"
    /// The directory of what all databases share, and the file in it that every server needs.
    package static let global = "global"
    package static let control = "global/pg_control"
    /// Of `pg_basebackup --compress`, and of what people do.
    package static let compressions = ["gz", "zst", "lz4", "bz2", "xz"]
    package static let tars = ["base.tar"] + compressions.map { "base.tar.\($0)" }

    /// Whether a directory with these names in it holds a base backup.
    package static func holdsBackup(_ names: Set<String>) -> Bool {
        names.contains(manifest) || names.contains(version) && names.contains(global)
            || !names.isDisjoint(with: tars)
    }
}
