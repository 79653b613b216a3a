package import Backups
import Glibc

/// A data directory as a tool left it, once its tablespaces are in place of their links: what is in it must be its own.
///
/// A copy of files takes links along as they are, and a link leads to where production has it: who followed one would write into
/// production, and a file that has a second name elsewhere is changed there, too. So nothing is followed, and nothing is left that
/// could be.
package struct RestoredTree {
    /// Files and directories of a server by these names are never read by one in scratch: it makes them, or does without.
    private static let dispensable: Set<String> = ["pg_hba.conf", "pg_ident.conf", "pg_log", "pg_stat_tmp"]
    /// What it does read, beside all that begins with `pg_` (src/bin/initdb/initdb.c, `subdirs`).
    private static let needed: Set<String> = ["base", "global", "PG_VERSION", "backup_label"]
    private static let log = "pg_wal"

    private let data: String
    private let cancellation: Cancellation

    package init(data: String, cancellation: Cancellation) {
        self.data = data
        self.cancellation = cancellation
    }

    /// Takes away what leads elsewhere and is not needed.
    /// - Throws: ``Obstacle`` for what can't be settled: `unsupported-format`. `pg_wal`, too: what it leads to may be all that makes
    ///   the files ones of one moment, so that it can't be left out.
    package func settle() throws {
        let root = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard root >= 0 else { throw DirectoryTree.obstacle("looked at", data) }
        defer { close(root) }
        for name in try names(root, data) {
            let path = "\(data)/\(name)"
            guard let status = try status(name, root, path) else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try look(in: name, root, name, isNeeded: Self.isNeeded(name))
            case S_IFREG where status.st_nlink > 1: throw Self.shared(name)
            case S_IFREG: break
            default:
                guard !Self.isNeeded(name) else { throw Self.leading(name, status) }
                guard unlinkat(root, name, 0) == 0 else { throw DirectoryTree.obstacle("removed", path) }
            }
        }
    }

    private static func isNeeded(_ name: String) -> Bool {
        needed.contains(name) || name.hasPrefix("pg_") && !dispensable.contains(name)
    }

    /// All below a directory that a server needs must be files and directories; sockets, which nobody opens, are passed over. From
    /// others goes what leads elsewhere.
    private func look(in name: String, _ parent: Int32, _ place: String, isNeeded: Bool) throws {
        try cancellation.check()
        let directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard directory >= 0 else { throw DirectoryTree.obstacle("looked at", "\(data)/\(place)") }
        defer { close(directory) }
        for name in try names(directory, place) {
            let inner = "\(place)/\(name)"
            guard let status = try status(name, directory, "\(data)/\(inner)") else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try look(in: name, directory, inner, isNeeded: isNeeded)
            case S_IFREG where status.st_nlink > 1 && isNeeded: throw Self.shared(inner)
            case S_IFREG, S_IFSOCK: break
            default:
                guard !isNeeded else { throw Self.leading(inner, status) }
                guard unlinkat(directory, name, 0) == 0 else {
                    throw DirectoryTree.obstacle("removed", "\(data)/\(inner)")
                }
            }
        }
    }

    private func names(_ directory: Int32, _ path: String) throws -> [String] {
        let listed = fcntl(directory, F_DUPFD_CLOEXEC, 0)
        guard listed >= 0 else { throw DirectoryTree.obstacle("looked at", path) }
        return DirectoryTree.names(consuming: listed)
    }

    /// - Returns: `nil` when it is gone.
    private func status(_ name: String, _ directory: Int32, _ path: String) throws -> stat? {
        var status = stat()
        if fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
        if errno == ENOENT { return nil }
        throw DirectoryTree.obstacle("looked at", path)
    }

    private static func leading(_ name: String, _ status: stat) -> Obstacle {
        guard status.st_mode & S_IFMT == S_IFLNK else {
            return Obstacle(
                .unsupportedFormat, "\(name) was restored as neither a file nor a directory",
                hint: "Have the tool leave it out: no server keeps such in its data directory.")
        }
        guard name == log else {
            return Obstacle(
                .unsupportedFormat, "\(name) was restored as a link, which may lead into production's own files",
                hint: "Have the tool copy what it leads to; only tablespaces may be links, to directories of %t.")
        }
        return Obstacle(
            .unsupportedFormat,
            "\(log) was restored as a link: what it leads to is not touched, for it may be production's own",
            hint:
                "Have restore bring the log: copy what the link leads to into %d/\(log). Where all of it is in the archive, remove the "
                + "link: rm %d/\(log).")
    }

    private static func shared(_ name: String) -> Obstacle {
        Obstacle(
            .unsupportedFormat,
            "\(name) has another name elsewhere (a hard link), and a server would change both: the backup, or production",
            hint: "Have the tool copy files, and not link them.")
    }
}
