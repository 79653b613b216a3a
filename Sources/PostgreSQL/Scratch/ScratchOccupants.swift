import CLinux
import Glibc

/// The processes of a server, proved to be its own: PostgreSQL's processes all work in their data directory.
enum ScratchOccupants {
    /// Ends every process that works in `directory`, and waits until they are gone.
    ///
    /// Each is checked again behind a pidfd, so a process id that was used again is never hit. New ones can come while
    /// the list is read, so it is read until it is empty, at most a hundred times.
    static func end(in directory: String) {
        guard let place = DirectoryTree.status(directory) else { return }
        for _ in 0..<100 {
            let descriptors = find(in: place)
            if descriptors.isEmpty { return }
            for descriptor in descriptors {
                _ = restorable_pidfd_send_signal(descriptor, SIGKILL)
            }
            for descriptor in descriptors {
                // A pidfd is readable when its process has ended (pidfd_open(2)).
                var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&waited, 1, 5000)
                close(descriptor)
            }
        }
    }

    private static func find(in place: stat) -> [Int32] {
        var descriptors: [Int32] = []
        for name in DirectoryTree.names(in: "/proc") {
            guard let identifier = Int32(name), works(name, in: place) else { continue }
            let descriptor = restorable_pidfd_open(identifier)
            guard descriptor >= 0 else { continue }
            if works(name, in: place) { descriptors.append(descriptor) } else { close(descriptor) }
        }
        return descriptors
    }

    private static func works(_ process: String, in place: stat) -> Bool {
        var status = stat()
        // Follows the link to the directory itself, wherever it was renamed to or mounted.
        guard stat("/proc/\(process)/cwd", &status) == 0 else { return false }
        return status.st_dev == place.st_dev && status.st_ino == place.st_ino
    }
}
