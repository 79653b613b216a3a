import Glibc

/// Reads whole messages of HTTP/1.1 from a socket. Enough for tests: bodies of requests have a length, those of answers
/// end with the connection.
struct HTTPInput {
    private let socket: Int32
    private var buffer: [UInt8] = []

    init(_ socket: Int32) {
        self.socket = socket
    }

    /// `nil` at the end.
    mutating func readRequest() -> FaultProxy.Request? {
        guard let head = readHead() else { return nil }
        let (line, headers) = Self.parse(head)
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 3 else { return nil }
        if headers["expect"]?.lowercased() == "100-continue" {
            _ = Loopback.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), to: socket)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard let body = read(length) else { return nil }
        // One request for each connection to the server; what was expected was sent already. Neither is signed.
        let lines =
            String(decoding: head, as: UTF8.self).split(separator: "\r\n").filter {
                !$0.lowercased().hasPrefix("expect:") && !$0.lowercased().hasPrefix("connection:")
            } + ["Connection: close"]
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
        return FaultProxy.Request(method: parts[0], target: parts[1], headers: headers, body: body, bytes: bytes)
    }

    /// The head as it came, and the body, to the end of the connection.
    mutating func readAnswer() -> (head: [UInt8], body: [UInt8])? {
        guard let head = readHead() else { return nil }
        if String(decoding: head, as: UTF8.self).hasPrefix("HTTP/1.1 100") { return readAnswer() }
        while fill() {}
        defer { buffer = [] }
        return (head, buffer)
    }

    private static func parse(_ head: [UInt8]) -> (line: String, headers: [String: String]) {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return (lines.first ?? "", headers)
    }

    /// Up to and with the empty line.
    private mutating func readHead() -> [UInt8]? {
        let end = Array("\r\n\r\n".utf8)
        var searched = 0
        while true {
            if buffer.count >= 4 {
                for start in searched...(buffer.count - 4) where buffer[start..<start + 4].elementsEqual(end) {
                    defer { buffer.removeFirst(start + 4) }
                    return Array(buffer[..<(start + 4)])
                }
                searched = buffer.count - 3
            }
            guard fill() else { return nil }
        }
    }

    private mutating func read(_ count: Int) -> [UInt8]? {
        while buffer.count < count { guard fill() else { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// - Returns: `false` at the end.
    private mutating func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        let count = recv(socket, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffer += piece[..<count]
        return true
    }
}
