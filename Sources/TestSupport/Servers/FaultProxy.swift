import Glibc
import Synchronization

/// Stands before a server that speaks HTTP/1.1, hands requests and answers on as they are, and does to some of them
/// what networks and overloaded servers do. Also a server by itself, which answers by a function.
package final class FaultProxy: Sendable {
    package enum Fault: Sendable {
        /// The body ends after so many bytes: the connection is closed, or reset.
        case cut(after: Int)
        case reset(after: Int)
        /// Nothing more comes after so many bytes.
        case stall(after: Int)
        /// A slow line: so many bytes, and a pause of so many microseconds, again and again.
        case slow(bytes: Int, pause: UInt32)
        /// One byte of the body is another.
        case flip(at: Int)
        /// A text of the body is another, which is as long.
        case rewrite(String, as: String)
        /// The head promises so many bytes more, or fewer, than there are.
        case length(adding: Int)
        /// A line more among the headers.
        case header(String)
        /// The server is not asked.
        case answer(status: Int, body: String, headers: [String] = [])
        /// Something is done first; then all is as it should be.
        case after(@Sendable () throws -> Void)
        case none
    }

    package struct Request: Sendable {
        package let method: String
        /// Path and query, as they came.
        package let target: String
        /// By name in lower case.
        package let headers: [String: String]
        package let body: [UInt8]
        let bytes: [UInt8]
    }

    private struct State {
        var requests: [Request] = []
        var rules: [@Sendable (Request) -> Fault?] = []
    }

    package let port: UInt16
    private let upstream: UInt16?
    private let listener: Int32
    private let state = Mutex(State())

    /// - Parameter upstream: port of the server; `nil` when every request is answered by a rule.
    package init(before upstream: UInt16?) throws {
        (listener, port) = try Loopback.listen()
        self.upstream = upstream
        Loopback.serve(listener, named: "fault proxy") { [weak self] client in
            if let self { self.serve(client) } else { close(client) }
        }
    }

    deinit { Loopback.end(listener) }

    package var endpoint: String { "http://127.0.0.1:\(port)" }

    /// All that came so far.
    package var requests: [Request] { state.withLock { $0.requests } }

    /// The next requests that `matches` accepts meet these faults, one each.
    package func plan(_ faults: [Fault], where matches: @escaping @Sendable (Request) -> Bool = { _ in true }) {
        let left = Box(faults)
        answer { matches($0) ? left.next() : nil }
    }

    /// Asked for each request; the first rule that says anything counts.
    package func answer(_ rule: @escaping @Sendable (Request) -> Fault?) {
        state.withLock { $0.rules.append(rule) }
    }

    private final class Box: Sendable {
        private let faults: Mutex<[Fault]>
        init(_ faults: [Fault]) { self.faults = Mutex(faults) }
        func next() -> Fault? { faults.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    }

    private func serve(_ client: Int32) {
        var input = HTTPInput(client)
        while let request = input.readRequest() {
            let rules = state.withLock { state in
                state.requests.append(request)
                return state.rules
            }
            // Each rule is asked once: a plan loses a fault by it.
            var fault = Fault?.none
            for rule in rules where fault == nil { fault = rule(request) }
            guard perform(fault ?? .none, request, client) else { return }
        }
        close(client)
    }

    /// - Returns: whether the connection goes on.
    private func perform(_ fault: Fault, _ request: Request, _ client: Int32) -> Bool {
        if case .answer(let status, let body, let headers) = fault {
            let lines = ["HTTP/1.1 \(status) Said By A Test", "Content-Length: \(body.utf8.count)"] + headers
            let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + (request.method == "HEAD" ? "" : body)
            return Loopback.send(Array(text.utf8), to: client) || closed(client)
        }
        if case .after(let body) = fault, (try? body()) == nil { return closed(client) }
        guard let upstream, let server = Loopback.connect(upstream) else { return closed(client) }
        defer { close(server) }
        guard Loopback.send(request.bytes, to: server) else { return closed(client) }
        var answer = HTTPInput(server)
        guard var (head, body) = answer.readAnswer() else { return closed(client) }
        if case .length(let more) = fault { head = Self.promising(body.count + more, head) }
        if case .header(let line) = fault { head = Self.adding(line, to: head) }
        if case .flip(let place) = fault, body.indices.contains(place) { body[place] ^= 1 }
        if case .rewrite(let text, let other) = fault {
            body = Array(String(decoding: body, as: UTF8.self).replacing(text, with: other).utf8)
        }
        guard Loopback.send(head, to: client) else { return closed(client) }
        switch fault {
        case .cut(let count):
            _ = Loopback.send(Array(body.prefix(count)), to: client)
            return closed(client)
        case .reset(let count):
            _ = Loopback.send(Array(body.prefix(count)), to: client)
            // What was sent must have been taken in: a reset drops what still waits.
            usleep(50_000)
            Loopback.reset(client)
            return false
        case .stall(let count):
            _ = Loopback.send(Array(body.prefix(count)), to: client)
            // Until the other side gives up.
            var byte: UInt8 = 0
            while recv(client, &byte, 1, 0) > 0 {}
            return closed(client)
        case .slow(let count, let pause):
            var rest = body[...]
            while !rest.isEmpty, Loopback.send(Array(rest.prefix(count)), to: client) {
                rest = rest.dropFirst(count)
                usleep(pause)
            }
            return closed(client)
        default:
            _ = Loopback.send(body, to: client)
            return closed(client)
        }
    }

    private func closed(_ client: Int32) -> Bool {
        close(client)
        return false
    }

    private static func adding(_ line: String, to head: [UInt8]) -> [UInt8] {
        var lines = String(decoding: head, as: UTF8.self).components("\r\n")
        lines.insert(line, at: 1)
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func promising(_ length: Int, _ head: [UInt8]) -> [UInt8] {
        let lines = String(decoding: head, as: UTF8.self).components("\r\n")
        return Array(
            lines.map { $0.lowercased().hasPrefix("content-length:") ? "Content-Length: \(length)" : $0 }
                .joined(separator: "\r\n").utf8)
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
