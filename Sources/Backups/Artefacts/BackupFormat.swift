/// How a backup is laid out. Found from its content, never from its name.
package enum BackupFormat: String, Codable, Sendable, CaseIterable {
    /// SQL text of `pg_dump`.
    case plain
    /// SQL text of `pg_dumpall`.
    case plainAll = "plain-all"
    /// `pg_dump -Fc`.
    case custom
    /// `pg_dump -Fd`.
    case directory
    /// `pg_dump -Ft`.
    case tar
    /// `pg_basebackup`, plain or as tars: the files of a whole cluster.
    case basebackup
    /// A backup in a repository of pgBackRest, which only pgBackRest reads.
    case pgbackrest
    /// A backup of Barman's.
    case barman
    /// One that barman-cloud keeps in an object store.
    case barmanCloud = "barman-cloud"
    /// One that a configured command restores.
    case command

    /// It is a directory, and no file.
    package var isDirectory: Bool { self == .directory || self == .basebackup }
}

/// How the bytes of a plain dump are compressed, as found from the first bytes.
package enum Compression: String, Codable, Sendable, CaseIterable {
    case none, gzip, zstd, xz, bzip2, lz4
}

/// Encryption that a file says of itself.
package enum Encryption: String, Sendable, CaseIterable {
    case gpg, age
}
