import Synchronization

/// What is kept of a client's standard error while it runs: the messages that may be errors, the first ones and the last.
///
/// A dump may raise notices without end, and fail in each of a million statements: neither may fill the memory.
final class MessageSieve: Sendable {
    /// How the client begins each message: `psql:` or `pg_restore: `. Lines that begin otherwise belong to the one before.
    private let prefix: [UInt8]
    private let headLimit: Int
    private let tailLimit: Int
    private let state = Mutex(State())

    /// More of one line is dropped.
    private static let lineLimit = 16 << 10
    /// Severities that are none, in PostgreSQL's verbose messages; `lc_messages` is C.
    private static let harmless = ["NOTICE:", "WARNING:", "INFO:", "LOG:", "DEBUG:"].map { Array(" \($0)  ".utf8) }

    private struct State {
        var line: [UInt8] = []
        var isWanted = false
        var head: [UInt8] = []
        var tail: [UInt8] = []
        var isCut = false
    }

    /// - Parameters:
    ///   - headLimit: bytes of the first messages.
    ///   - tailLimit: bytes of the last ones, when there are more than that.
    init(prefix: String, headLimit: Int = 1 << 20, tailLimit: Int = 64 << 10) {
        self.prefix = Array(prefix.utf8)
        self.headLimit = headLimit
        self.tailLimit = tailLimit
    }

    /// Takes what came next.
    func take(_ bytes: UnsafeRawBufferPointer) {
        state.withLock { state in
            var rest = bytes[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                Self.extend(&state.line, rest[..<end])
                keepLine(in: &state)
                rest = rest[(end + 1)...]
            }
            Self.extend(&state.line, rest)
        }
    }

    /// All that was kept, and whether something between its start and its end is missing.
    func finish() -> (text: String, isCut: Bool) {
        state.withLock { state in
            if !state.line.isEmpty { keepLine(in: &state) }
            if state.isCut { cutTail(of: &state) }
            return (String(decoding: state.head + state.tail, as: UTF8.self), state.isCut)
        }
    }

    private static func extend(_ line: inout [UInt8], _ bytes: some Collection<UInt8>) {
        line.append(contentsOf: bytes.prefix(max(0, lineLimit - line.count)))
    }

    private func keepLine(in state: inout State) {
        defer { state.line.removeAll(keepingCapacity: true) }
        if state.line.starts(with: prefix) { state.isWanted = isWanted(state.line) }
        guard state.isWanted else { return }
        if state.tail.isEmpty, state.head.count + state.line.count < headLimit {
            state.head += state.line
            state.head.append(UInt8(ascii: "\n"))
            return
        }
        state.tail += state.line
        state.tail.append(UInt8(ascii: "\n"))
        if state.tail.count > 2 * tailLimit { cutTail(of: &state) }
    }

    /// `psql:<stdin>:12: NOTICE:  00000: …` is none; what has no severity behind its place may be anything.
    private func isWanted(_ line: [UInt8]) -> Bool {
        guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { return true }
        return !Self.harmless.contains { line[space...].starts(with: $0) }
    }

    /// Down to its limit, from the beginning of a message on.
    private func cutTail(of state: inout State) {
        guard state.tail.count > tailLimit else { return }
        state.isCut = true
        var rest = state.tail.suffix(tailLimit)
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { break }
            rest = rest[(end + 1)...]
            if rest.starts(with: prefix) { break }
        }
        state.tail = Array(rest)
    }
}
