internal import Backups
internal import Glibc

/// What a system call said when it failed.
enum SystemError {
    /// An ``Obstacle`` from `errno`, which must be fetched before anything else is called.
    static func obstacle(_ doing: String, _ name: String, code: Int32 = errno) -> Obstacle {
        let why = String(cString: strerror(code))
        switch code {
        case ENOENT:
            return Obstacle(.unreadable, "could not \(doing) \(name): there is no such file", hint: "check the path")
        case EACCES, EPERM:
            return Obstacle(
                .permissionDenied, "could not \(doing) \(name): \(why)", hint: "give this user the right to read it")
        case ENOSPC, EDQUOT:
            return Obstacle(
                .diskFull, "could not \(doing) \(name): \(why)", hint: "free space, or choose another directory")
        case ENOMEM: return Obstacle(.outOfMemory, "could not \(doing) \(name): \(why)")
        default: return Obstacle(.unreadable, "could not \(doing) \(name): \(why)")
        }
    }
}
