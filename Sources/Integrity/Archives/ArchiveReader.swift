package import Backups

/// Proves a pg_dump archive whole in one pass over its bytes, without any server: structure, every data block
/// uncompressed and held against its checksum, the rows of every table counted.
///
/// Blocking: call it on a thread of its own.
package enum ArchiveReader {
    /// Reads the archive at `path`.
    ///
    /// - Parameters:
    ///   - format: `custom` or `tar` for a file, `directory` for a directory.
    ///   - threads: for the files of a directory.
    /// - Throws: ``ContentDamage`` where the archive is at fault, ``Obstacle`` where it could not be read.
    package static func verify(
        _ path: String, format: BackupFormat, threads: Int = 2, limits: IntegrityLimits = IntegrityLimits(),
        progress: any ProgressObserver = SilentProgress(), cancellation: Cancellation = Cancellation()
    ) throws -> ArchiveResult {
        guard format == .directory else {
            return try ArchivePass(
                source: try FileBytes(path), format: format, limits: limits, progress: progress,
                cancellation: cancellation
            ).run()
        }
        return ArchiveResult(
            directory: try DirectoryArchive.read(
                path, threads: threads, limits: limits, progress: ByteProgress(progress), cancellation: cancellation))
    }
}
