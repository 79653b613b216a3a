import Backups
import CLinux
import Glibc

extension DiskFacts {
    /// The file system that holds `path`: its size, and what is not free of it, as `df` counts (POSIX `statvfs`).
    /// - Throws: ``Obstacle`` `unreadable`
    init(at path: String) throws {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            throw Obstacle(
                .unreadable, "disk.path \(path) can't be looked at: \(String(cString: strerror(errno)))",
                hint: "Name a directory on the file system that holds production's data, as this machine sees it.")
        }
        let block = UInt64(status.f_frsize)
        let (total, free) = (UInt64(status.f_blocks), UInt64(status.f_bfree))
        self.init(usedBytes: (total - min(free, total)) * block, capacityBytes: total * block)
    }
}
