import CCurl

/// Takes what libcurl hands over in its callbacks: header lines, and bytes of the body, the latter straight into the
/// buffer of whoever reads. What does not fit is kept, and then libcurl is told to wait: never more than one piece of
/// it is held.
final class CurlSink {
    private(set) var head = HTTPHead()
    /// The headers are complete, and the body follows.
    private(set) var hasBody = false
    private(set) var isPaused = false
    /// Anything that came, headers and bytes, for telling a stall.
    private(set) var received = 0
    private var kept: [UInt8] = []
    private var keptStart = 0
    private var target = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var filled = 0

    /// Lets bytes go into `buffer` while `body` runs.
    /// - Returns: how many are there.
    func filling(_ buffer: UnsafeMutableRawBufferPointer, _ body: (_ filled: () -> Int) throws -> Void) rethrows -> Int
    {
        (target, filled) = (buffer, 0)
        // What comes between two reads is kept for the next.
        defer { (target, filled) = (UnsafeMutableRawBufferPointer(start: nil, count: 0), 0) }
        takeKept()
        try body { filled }
        return filled
    }

    /// libcurl goes on.
    func resume() { isPaused = false }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        hasBody = true
        let room = target.count - filled
        guard room > 0 || kept.isEmpty else {
            isPaused = true
            return restorable_curl_pause_code()
        }
        received += bytes.count
        let count = min(room, bytes.count)
        if count > 0 {
            target[filled...].copyBytes(from: bytes[..<count])
            filled += count
        }
        if count < bytes.count { kept = Array(bytes[count...]) }
        return bytes.count
    }

    /// One line, with its end. Each answer begins with a line of its own: those before it (100 Continue) are forgotten.
    func receive(headerLine bytes: UnsafeRawBufferPointer) {
        received += bytes.count
        let line = String(decoding: bytes, as: UTF8.self).drop { $0 == " " }
        if line.hasPrefix("HTTP/") {
            let parts = line.split(separator: " ", maxSplits: 2)
            head = HTTPHead(status: parts.count > 1 ? Int(parts[1].prefix(3)) ?? 0 : 0)
            return
        }
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...]
        head.headers[line[..<colon].lowercased()] = value.trimmed
    }

    private func takeKept() {
        let count = min(kept.count - keptStart, target.count)
        guard count > 0 else { return }
        kept.withUnsafeBytes { target.copyBytes(from: $0[keptStart..<keptStart + count]) }
        (filled, keptStart) = (count, keptStart + count)
        if keptStart == kept.count { (kept, keptStart) = ([], 0) }
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line ends at either end.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}
