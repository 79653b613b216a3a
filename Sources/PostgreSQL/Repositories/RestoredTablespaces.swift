import Backups
import Glibc

/// Tablespaces that a tool put beside a data directory, brought into it: a scratch server sees nothing but its own directory, and
/// has them in place of their links.
struct RestoredTablespaces {
    let data: String
    /// Where the tool was told to put them.
    let work: String

    /// - Throws: ``Obstacle`` when a link leads elsewhere, or a directory can't be moved.
    func settle() throws {
        let links = "\(data)/pg_tblspc"
        // A link there leads to production's own.
        guard DirectoryTree.status(links)?.isDirectory == true else { return }
        for name in DirectoryTree.names(in: links) {
            let link = "\(links)/\(name)"
            guard let status = DirectoryTree.status(link), status.st_mode & S_IFMT == S_IFLNK else { continue }
            guard let target = ProcFile.link(link), isOurs(target) else {
                throw Obstacle(
                    .unsupportedFormat, "the tablespace \(name) was restored to another place than it was to be",
                    hint: "Look at the tool's configuration: it maps tablespaces.")
            }
            guard unlink(link) == 0, rename(target, link) == 0 else { throw DirectoryTree.obstacle("moved", target) }
        }
    }

    /// A directory directly in `work`: no way leads out of there.
    private func isOurs(_ target: String) -> Bool {
        guard target.hasPrefix("\(work)/"), let status = DirectoryTree.status(target) else { return false }
        let name = target.dropFirst(work.utf8.count + 1)
        return !name.isEmpty && !name.contains("/") && name != "." && name != ".."
            && status.st_mode & S_IFMT == S_IFDIR
    }
}
