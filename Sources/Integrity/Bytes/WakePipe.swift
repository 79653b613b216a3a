internal import Backups
internal import Glibc
internal import Synchronization

/// Wakes threads that wait in `poll` on a descriptor: once fired, ``descriptor`` stays readable.
final class WakePipe: Sendable {
    /// To be polled along with what is waited for; never read.
    let descriptor: Int32
    /// `nil` once closed, so that a late ``fire()`` can't write to a descriptor that is someone else's by now.
    private let writeEnd: Mutex<Int32?>

    init() throws {
        let ends = try DescriptorPipe.make()
        descriptor = ends.read
        writeEnd = Mutex(ends.write)
    }

    deinit {
        writeEnd.withLock { end in
            if let descriptor = end { close(descriptor) }
            end = nil
        }
        close(descriptor)
    }

    func fire() {
        writeEnd.withLock { end in
            guard let descriptor = end else { return }
            // The end of the pipe is as readable as a byte.
            close(descriptor)
            end = nil
        }
    }

    /// Waits until `descriptor` is ready for `events`.
    /// - Returns: `false` when this was fired, unless it is ready as well.
    func wait(for descriptor: Int32, _ events: Int32) throws -> Bool {
        var polled = [
            pollfd(fd: descriptor, events: Int16(events), revents: 0),
            pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&polled, 2, -1) < 0 {
            if errno != EINTR { throw SystemError.obstacle("wait for", "a pipe") }
        }
        return polled[0].revents != 0
    }
}

/// Makes pipes, both ends close-on-exec.
enum DescriptorPipe {
    static func make() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError.obstacle("make", "a pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
