import Backups
import Glibc

/// A copy of the control file of a cluster, for tools that want to see which cluster asks for its log: the server's own is in
/// the server's hands.
package enum ControlCopy {
    private static let name = "global/pg_control"

    /// - Parameter work: made when it is missing.
    /// - Returns: a directory that looks like a data directory as far as the tools look.
    package static func make(of data: String, in work: String) throws -> String {
        let cluster = "\(work)/cluster"
        for path in [work, cluster, "\(cluster)/global"] where mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw DirectoryTree.obstacle("made", path)
        }
        // The file has 8 KiB, whatever is in it (PG_CONTROL_FILE_SIZE in src/include/catalog/pg_control.h).
        guard let bytes = RestoredFile.bytes(name, in: data, most: 8192), !bytes.isEmpty else {
            throw DirectoryTree.obstacle("read", "\(data)/\(name)")
        }
        let copy = try CacheFile("\(cluster)/\(name)", owner: nil)
        try bytes.withUnsafeBytes { try copy.write($0) }
        copy.finish()
        return cluster
    }
}
