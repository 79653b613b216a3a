import Backups
import Glibc

/// Holds `<history>.lock` for this process (flock(2)): one program writes a history. The kernel lets go of it with the
/// process; the empty file stays, since removing it would let two others each lock their own.
final class HistoryLock: Sendable {
    private let descriptor: Int32

    /// Errors: ``Obstacle`` `unreadable` when somebody else holds it, or the file can't be made; `disk-full`.
    init(beside history: String) throws {
        let path = history + ".lock"
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw SystemFailure.obstacle("make the lock file", path) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            close(opened)
            guard cause == EWOULDBLOCK else { throw SystemFailure.obstacle("lock", path, cause) }
            throw Obstacle(
                .unreadable, "another process has the history \(history) open",
                hint: "One process at a time writes a history: end the other one (`fuser \(path)` tells which), "
                    + "or give this one a history of its own.")
        }
        // Last: an object that is whole is also taken apart when its initialiser throws, and would close it again.
        descriptor = opened
    }

    /// Whether somebody, this process included, holds it now. It may be another answer a moment later.
    static func isHeld(beside history: String) -> Bool {
        let opened = open(history + ".lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard opened >= 0 else { return false }
        defer { close(opened) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else { return errno == EWOULDBLOCK }
        flock(opened, LOCK_UN)
        return false
    }

    deinit {
        // Closing alone leaves it locked for as long as a child, between fork and exec, has a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
