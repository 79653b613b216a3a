import Backups
import Glibc
import Integrity

/// The file that tells pg_restore which entries to restore; removed with this.
///
/// Source: PostgreSQL 15 src/bin/pg_dump/pg_backup_archiver.c, `SortTocFromFile`: a line begins with the number of an
/// entry, what follows a semicolon is a comment.
final class RestoreList {
    let path: String

    /// - Parameter directory: that pg_restore may read whoever runs it: where the server's socket is.
    init(_ entries: [TOCEntry], in directory: String) throws {
        path = "\(directory)/restore-list-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.obstacle(path) }
        defer { close(descriptor) }
        fchmod(descriptor, 0o644)
        let text = Array(entries.map { "\($0.identifier);\n" }.joined().utf8)
        var rest = text[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                unlink(path)
                throw Self.obstacle(path)
            }
            rest = rest.dropFirst(count)
        }
    }

    deinit { unlink(path) }

    private static func obstacle(_ path: String) -> Obstacle {
        Obstacle(
            .serverFailed,
            "the list of what to restore can't be written to \(path): \(String(cString: strerror(errno)))",
            hint: "check the directory of scratch, --scratch-directory")
    }
}
