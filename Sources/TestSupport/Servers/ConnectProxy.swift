import Glibc
import Processes
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
        let listener = listener
        DetachedThread.start(named: "connect proxy") { [weak self] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { return }
                guard let self else {
                    close(socket)
                    return
                }
                DetachedThread.start(named: "connect client") { self.serve(socket) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

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
        let answered = SignalledOnce<Void>()
        DetachedThread.start(named: "connect answers") {
            Self.hand(from: server, to: client)
            answered.set(())
        }
        Self.hand(from: client, to: server)
        _ = answered.wait()
    }

    /// Until one side ends; then neither is to say more.
    private static func hand(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0, Loopback.send(Array(buffer[..<count]), to: target) else { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(target, Int32(SHUT_RDWR))
    }
}
