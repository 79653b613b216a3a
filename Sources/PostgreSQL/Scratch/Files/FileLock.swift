import Backups
import CLinux
import Glibc

/// An exclusive `flock` of a file, held until this value goes, or the process ends however it ends.
final class FileLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Waits for the lock; makes the file when it is missing.
    static func wait(_ path: String) throws -> FileLock {
        let descriptor = try open(path)
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let obstacle = DirectoryTree.obstacle("locked", path)
                close(descriptor)
                throw obstacle
            }
        }
        return FileLock(descriptor: descriptor)
    }

    /// - Returns: `nil` when another holds it.
    static func tryLock(_ path: String) throws -> FileLock? {
        let descriptor = try open(path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return FileLock(descriptor: descriptor)
    }

    private static func open(_ path: String) throws -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw DirectoryTree.obstacle("locked", path) }
        return descriptor
    }
}
