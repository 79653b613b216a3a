import Backups

/// Where a dump goes, until it is a backup. Used by one thread at a time.
protocol DumpTarget: AnyObject {
    /// To be used while this is held.
    var output: DumpOutput { get }
    /// Nothing more is written.
    /// - Returns: size and digest of what was.
    func seal(_ cancellation: Cancellation) throws -> BackupDigest
    /// Gives the backup and its manifest their names. Without it nothing is left.
    func publish(_ manifest: Manifest) throws
}

/// How pg_dump hands over what it makes.
enum DumpOutput: Sendable {
    /// It writes a file or a directory, which is not there yet.
    case path(String)
    /// Its standard output, piece by piece.
    case stream(@Sendable (UnsafeRawBufferPointer) throws -> Void)
}

extension PartialBackup: DumpTarget {
    var output: DumpOutput { .path(path) }

    func seal(_ cancellation: Cancellation) throws -> BackupDigest {
        try BackupDirectory.synchronizeTree(path)
        return try BackupDigest.read(path, cancellation: cancellation)
    }
}
