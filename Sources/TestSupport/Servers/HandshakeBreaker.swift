import Glibc
import Processes
import Synchronization

/// Stands before a server that speaks TLS, resets the first connections when their first bytes have come, as a load balancer does
/// whose servers restart, and hands all others on byte by byte.
package final class HandshakeBreaker: Sendable {
    package let port: UInt16
    private let listener: Int32
    private let left: Mutex<Int>

    /// - Parameter count: of connections that are reset.
    package init(before upstream: UInt16, resets count: Int) throws {
        (listener, port) = try Loopback.listen()
        left = Mutex(count)
        let listener = listener
        DetachedThread.start(named: "handshake breaker") { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                guard let self else {
                    close(client)
                    return
                }
                DetachedThread.start(named: "handshake") { self.serve(client, upstream) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Resets that are still to come.
    package var remaining: Int { left.withLock { $0 } }

    private func serve(_ client: Int32, _ upstream: UInt16) {
        let isBroken = left.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
        }
        var byte: UInt8 = 0
        if isBroken {
            _ = recv(client, &byte, 1, 0)
            return Loopback.reset(client)
        }
        guard let server = Loopback.connect(upstream) else {
            close(client)
            return
        }
        let answered = SignalledOnce<Void>()
        DetachedThread.start(named: "answers") {
            Self.copy(from: server, to: client)
            answered.set(())
        }
        Self.copy(from: client, to: server)
        answered.wait()
        close(client)
        close(server)
    }

    private static func copy(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0, Loopback.send(Array(buffer[..<count]), to: target) else { break }
        }
        shutdown(target, Int32(SHUT_WR))
    }
}
