import Backups
import Glibc

/// Whole directories: reading, measuring, copying, removing. Nothing follows a symbolic link.
enum DirectoryTree {
    /// The names in `directory` without `.` and `..`, sorted; none when it can't be read.
    static func names(in directory: String) -> [String] {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        return names(consuming: descriptor).sorted()
    }

    /// The same for an open directory, which is closed.
    static func names(consuming descriptor: Int32) -> [String] {
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return []
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// What `path` is, itself and not what it points to; `nil` when it is not there.
    static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    /// An ``Obstacle`` for the system call that just failed.
    static func obstacle(_ what: String, _ path: String) -> Obstacle {
        let code = errno
        let message = "\(path) can't be \(what): \(String(cString: strerror(code)))"
        switch code {
        case ENOSPC, EDQUOT: return Obstacle(.diskFull, message, hint: "free space there, or \(otherPlace)")
        case EACCES, EPERM, EROFS:
            return Obstacle(
                .permissionDenied, message, hint: "let the user that runs this write there, or \(otherPlace)")
        case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: return Obstacle(.unreadable, message, hint: otherPlace)
        case EIO: return Obstacle(.unreadable, message, hint: "look at the disk (dmesg), or \(otherPlace)")
        case EMFILE, ENFILE:
            return Obstacle(.outOfMemory, message, hint: "allow more open files (ulimit -n, LimitNOFILE of the unit)")
        default: return Obstacle(.internalError, message)
        }
    }

    /// What to do where a place is no good.
    static let otherPlace =
        "choose another place with --scratch-directory, or directory of scratch in the configuration"
}

extension stat {
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
}
