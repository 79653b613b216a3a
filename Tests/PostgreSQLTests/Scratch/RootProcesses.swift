import CLinux
import Glibc

@testable import PostgreSQL

/// The processes that belong to a scratch root: they work below it, or name it in their arguments.
enum RootProcesses {
    static func find(below root: String) -> [Int32] {
        DirectoryTree.names(in: "/proc").compactMap { Int32($0) }.filter { identifier in
            guard identifier != getpid() else { return false }
            if ProcFile.link("/proc/\(identifier)/cwd")?.hasPrefix(root + "/") == true { return true }
            return ProcFile.text("/proc/\(identifier)/cmdline")?.contains(root + "/") == true
        }
    }

    /// Waits until all of them have ended by themselves.
    /// - Returns: whether they did within `seconds`.
    static func waitForEnd(below root: String, seconds: Int) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            let identifiers = find(below: root)
            if identifiers.isEmpty {
                waitForLocks(below: root)
                return true
            }
            for identifier in identifiers {
                let descriptor = restorable_pidfd_open(identifier)
                guard descriptor >= 0 else { continue }
                var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&waited, 1, Int32(seconds * 1000))
                close(descriptor)
            }
        }
        return false
    }

    /// A process that is ending has no arguments any more a moment before the kernel lets go of its locks.
    private static func waitForLocks(below root: String) {
        for name in DirectoryTree.names(in: root) where ScratchRoot.isScratchName(name) {
            _ = try? FileLock.wait(ScratchDirectory(existing: name, in: root).lock)
        }
    }

    static func end(below root: String) {
        for identifier in find(below: root) { kill(identifier, SIGKILL) }
        _ = waitForEnd(below: root, seconds: 10)
    }
}
