import Glibc

extension DirectoryTree {
    /// Bytes on disk of everything below `directory`: blocks, not lengths, so that sparse files count as they are.
    static func usage(_ directory: String) -> UInt64 {
        var total: UInt64 = 0
        for name in names(in: directory) {
            // Files come and go under a running server.
            guard let status = status("\(directory)/\(name)") else { continue }
            total += UInt64(status.st_blocks) * 512
            if status.isDirectory { total += usage("\(directory)/\(name)") }
        }
        return total
    }

    /// Bytes that we may still write to the file system of `path`; `nil` when it can't be asked.
    static func freeBytes(at path: String) -> UInt64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
        return UInt64(blocks) * UInt64(status.f_frsize)
    }
}
