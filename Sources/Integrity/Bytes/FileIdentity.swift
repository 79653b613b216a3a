internal import Backups
internal import Glibc

/// What tells that a file is still the one that was opened: size and time of last modification.
struct FileIdentity: Sendable, Equatable {
    let size: UInt64
    private let modifiedSeconds: Int
    private let modifiedNanoseconds: Int

    init(descriptor: Int32, name: String) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError.obstacle("look at", name) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw Obstacle(.unreadable, "\(name) is a directory")
        default:
            throw Obstacle(
                .unreadable, "\(name) is neither a file nor a directory", hint: "pipe it into standard input: use -")
        }
        size = UInt64(clamping: status.st_size)
        modifiedSeconds = status.st_mtim.tv_sec
        modifiedNanoseconds = status.st_mtim.tv_nsec
    }
}
