import Glibc

/// Lines of a stream. For one thread.
final class LineReader {
    private let descriptor: Int32
    private var pending: [UInt8] = []

    /// Of a line that is longer the beginning is dropped.
    private let limit: Int

    init(descriptor: Int32, limit: Int = .max) {
        self.descriptor = descriptor
        self.limit = limit
    }

    /// The next line without its end; `nil` at the end of the stream.
    func next() -> [UInt8]? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeSubrange(...end) }
                return Array(pending[..<end])
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                pending += buffer[..<count]
                if pending.count > limit, !pending.contains(UInt8(ascii: "\n")) {
                    pending.removeFirst(pending.count - limit)
                }
            } else if count == 0 || errno != EINTR {
                return nil
            }
        }
    }
}
