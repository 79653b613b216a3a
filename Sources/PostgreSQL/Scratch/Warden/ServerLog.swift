import Glibc
import Processes
import Synchronization

/// Takes what a server writes to standard error: the warden's end of the pipe.
///
/// The file is bounded, for the code in a dump could write for ever; the last lines are kept in memory as well.
final class ServerLog: Sendable {
    private static let fileLimit = 1 << 20
    private static let tailLimit = 8192

    private struct State {
        var tail: [UInt8] = []
        var written = 0
        var account = RecoveryAccount()
        /// The beginning of a line whose end has not come.
        var line: [UInt8] = []
        /// It is too long to be one of those that tell; neither is what follows in it.
        var isPassing = false
    }

    private let state = Mutex(State())
    private let isReady = SignalledOnce<Bool>()
    private let isDrained = SignalledOnce<Bool>()

    /// Reads `pipe` to its end on a thread of its own and keeps the first MiB in the file `path`.
    func follow(_ pipe: Pipe, path: String) {
        DetachedThread.start(named: "server log") { [self] in
            let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(pipe.readEnd, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                take(buffer[..<count], file: file)
            }
            if file >= 0 { close(file) }
            isReady.set(false)
            isDrained.set(true)
        }
    }

    /// Waits until the server accepts connections.
    /// - Returns: whether it does; `false` when it ended.
    ///
    /// PostgreSQL says so in its log and nowhere else that can be waited for; `lc_messages` is C.
    func waitUntilReady() -> Bool { isReady.wait() }

    func stopWaiting() { isReady.set(false) }

    /// The last lines, once the server has closed the stream or a second after it was asked for.
    func finalTail() -> String {
        _ = isDrained.wait(for: .seconds(1))
        return String(decoding: state.withLock { $0.tail }, as: UTF8.self)
    }

    /// What it has told of its recovery so far.
    var account: RecoveryAccount { state.withLock { $0.account } }

    private func take(_ bytes: ArraySlice<UInt8>, file: Int32) {
        let (isTold, room) = state.withLock { state in
            Self.tell(bytes, to: &state)
            state.tail += bytes
            if state.tail.count > Self.tailLimit { state.tail.removeFirst(state.tail.count - Self.tailLimit) }
            let room = max(0, Self.fileLimit - state.written)
            state.written += bytes.count
            return (state.account.isReady, room)
        }
        if file >= 0, room > 0 { LineWriter.writeBytes(Array(bytes.prefix(room)), to: file) }
        if isTold, isReady.current == nil { isReady.set(true) }
    }

    private static func tell(_ bytes: ArraySlice<UInt8>, to state: inout State) {
        state.line += bytes
        while let end = state.line.firstIndex(of: UInt8(ascii: "\n")) {
            if !state.isPassing { state.account.take(String(decoding: state.line[..<end], as: UTF8.self)) }
            state.isPassing = false
            state.line.removeSubrange(...end)
        }
        guard state.line.count > tailLimit else { return }
        (state.line, state.isPassing) = ([], true)
    }
}
