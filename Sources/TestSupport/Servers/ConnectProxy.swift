import Glibc
import Synchronization

/// A proxy that knows CONNECT alone (RFC 9110, 9.3.6): who asks for a host, whichever, gets a line to one port of loopback, and the proxy
/// sees nothing of what is said over it.
package final class ConnectProxy: Sendable {
    package let port: UInt16
    private let upstream: UInt16
    private let listener: Int32
    private let asked = Mutex<[String]>([])

    /// - Parameter upstream: the port that all lines lead to.
    package init(before upstream: UInt16) throws {
        (listener, port) = try Loopback.listen()
        self.upstream = upstream
        Loopback.serve(listener, named: "connect proxy") { [weak self] client in
            if let self { self.serve(client) } else { close(client) }
        }
    }

    deinit { Loopback.end(listener) }

    package var address: String { "http://127.0.0.1:\(port)" }

    /// The first line of each request.
    package var requests: [String] { asked.withLock { $0 } }

    private func serve(_ client: Int32) {
        defer { close(client) }
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            var byte: UInt8 = 0
            guard recv(client, &byte, 1, 0) == 1 else { return }
            head.append(byte)
        }
        let line = String(decoding: head.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        asked.withLock { $0.append(line) }
        guard line.hasPrefix("CONNECT "), let server = Loopback.connect(upstream) else {
            _ = Loopback.send(Array("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n".utf8), to: client)
            return
        }
        defer { close(server) }
        guard Loopback.send(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8), to: client) else { return }
        Loopback.join(client, server)
    }
}
