import CLinux
import Glibc

/// How much a directory has room for.
enum DiskSpace {
    /// Bytes that we may write below `path`, or below what is there of it; `nil` where that can't be found out.
    static func free(at path: String) -> UInt64? {
        var path = path
        var status = statvfs()
        while statvfs(path, &status) != 0 {
            guard errno == ENOENT, let slash = path.lastIndex(of: "/"), path.count > 1 else { return nil }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
