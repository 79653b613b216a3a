import Backups
import Glibc

/// What the system said when a file could not be used.
enum SystemFailure {
    /// - Parameter doing: as in "can't <make the lock file> /path".
    static func obstacle(_ doing: String, _ path: String, _ code: Int32 = errno) -> Obstacle {
        let cause = String(cString: strerror(code))
        let message = "can't \(doing) \(path): \(cause)"
        switch code {
        case ENOSPC, EDQUOT:
            return Obstacle(.diskFull, message, hint: "Free space in that file system, or give the history another.")
        case ENOENT, ENOTDIR:
            return Obstacle(
                .unreadable, message,
                hint:
                    "Make the directory first, and let the user that runs this own it, or name another path: history, in the configuration."
            )
        case EACCES, EPERM, EROFS:
            return Obstacle(
                .unreadable, message,
                hint: "The user that runs this must be allowed to write to the directory and its files.")
        default:
            return Obstacle(.unreadable, message, hint: "Check the path of the history and its file system.")
        }
    }
}
