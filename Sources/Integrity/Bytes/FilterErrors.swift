internal import Glibc
internal import Synchronization

/// Takes in what a filter writes to standard error, so that it never waits for us, and keeps the last of it.
final class FilterErrors: Sendable {
    private static let limit = 2048
    private let descriptor: Int32
    private let stopping: WakePipe
    private let kept = Mutex<[UInt8]>([])

    init(descriptor: Int32) throws {
        self.descriptor = descriptor
        stopping = try WakePipe()
    }

    deinit {
        close(descriptor)
    }

    /// The end of the filter does not mean the end of its standard error, which something it left behind may hold.
    func stop() {
        stopping.fire()
    }

    /// The last lines, as one: printable, at most 400 characters.
    var said: String {
        let text = kept.withLock { String(decoding: $0, as: UTF8.self) }
        let lines = text.split(whereSeparator: \.isNewline).suffix(4).map { Seen.line(String($0)) }
        return String(lines.joined(separator: "; ").suffix(400))
    }

    /// Until the end, or ``stop()``.
    func run() {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                kept.withLock { $0 = Array(($0 + buffer[..<count]).suffix(Self.limit)) }
            } else if count == 0 {
                return
            } else if errno == EAGAIN {
                guard (try? stopping.wait(for: descriptor, POLLIN)) == true else { return }
            } else if errno != EINTR {
                return
            }
        }
    }
}
