package import Backups
package import Integrity

extension Manifest {
    /// The manifest of a backup that was made without one: what its own bytes say, from now on fixed by a digest.
    ///
    /// Its origin is `scan`: equality with it proves that the file is the same and restores what it held then, which is
    /// no more than `self`. It has neither schema nor sequences nor checksums, and no data time but the dump's own.
    package static func scanned(
        name: String, digest: BackupDigest, format: BackupFormat, compression: Compression?, contents: DumpContents,
        completedAt: Timestamp?
    ) -> Manifest {
        Manifest(
            backup: BackupFile(
                name: name, size: digest.size, sha256: digest.sha256, format: format, compression: compression),
            origin: .scan, snapshotAt: contents.header.startedAt.flatMap { Timestamp($0) }, completedAt: completedAt,
            tool: Tool(pgDump: contents.header.toolVersion), server: Server(version: contents.header.serverVersion),
            tables: contents.rows.sorted { $0.key < $1.key }.map { Table(name: $0.key, rows: $0.value) },
            largeObjects: LargeObjects(count: contents.largeObjects))
    }
}
