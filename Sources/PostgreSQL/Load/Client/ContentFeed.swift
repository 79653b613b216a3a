import Backups
import Glibc
import Integrity
import Processes

/// Writes content to a client's standard input, on a thread of its own.
final class ContentFeed: Sendable {
    private let ended = SignalledOnce<Result<Void, any Error>>()

    /// - Parameters:
    ///   - descriptor: taken over and closed at the end.
    ///   - advancing: hears how many more bytes went out.
    init(_ content: any Content, to descriptor: Int32, advancing: @escaping @Sendable (UInt64) -> Void) {
        DetachedThread.start(named: "feed client") { [ended] in
            // A client that is gone must be an error here, not the end of the process; this thread's mask is its own.
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &signals, nil)
            let result = Result { try Self.feed(content, descriptor, advancing) }
            close(descriptor)
            ended.set(result)
        }
    }

    /// Waits for the end; the client must have ended before.
    /// - Throws: when the content could not be read. A client that reads no more is its own affair.
    func finish() throws { try ended.wait().get() }

    private static func feed(_ content: any Content, _ descriptor: Int32, _ advancing: (UInt64) -> Void) throws {
        let reader = try content.open(at: 0)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try reader.read(into: buffer)
            if count == 0 { return }
            var rest = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            while !rest.isEmpty {
                let written = write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
            advancing(UInt64(count))
        }
    }
}
