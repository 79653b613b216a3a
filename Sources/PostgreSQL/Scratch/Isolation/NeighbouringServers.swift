import Glibc

/// PostgreSQL servers of this machine that run as a given user, but for those in scratch.
///
/// What replays a log as their user, and sees their files, would make the log's tablespaces where production has them, and
/// empty them first (`create_tablespace_directories` in src/backend/commands/tablespace.c).
enum NeighbouringServers {
    /// - Parameters:
    ///   - user: the user's number.
    ///   - root: all scratch lies below it.
    /// - Returns: their data directories. What can't be seen, as in another process namespace, is not among them.
    static func dataDirectories(of user: uid_t, outside root: String) -> [String] {
        let found = DirectoryTree.names(in: "/proc").compactMap { name -> String? in
            guard Int32(name) != nil, DirectoryTree.status("/proc/\(name)")?.st_uid == user,
                ProcFile.text("/proc/\(name)/comm")?.trimmed == "postgres",
                // PostgreSQL's processes all work in their data directory.
                let directory = ProcFile.link("/proc/\(name)/cwd"), !directory.hasPrefix("\(root)/"),
                access("\(directory)/PG_VERSION", F_OK) == 0
            else { return nil }
            return directory
        }
        return Set(found).sorted()
    }
}
