import Glibc
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
        Loopback.serve(listener, named: "handshake breaker") { [weak self] client in
            if let self { self.serve(client, upstream) } else { close(client) }
        }
    }

    deinit { Loopback.end(listener) }

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
        Loopback.join(client, server)
        close(client)
        close(server)
    }
}
