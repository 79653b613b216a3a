import Glibc
import Processes

/// Sockets of 127.0.0.1, blocking.
enum Loopback {
    static func listen() throws -> (socket: Int32, port: UInt16) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        var address = self.address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && Glibc.listen(socket, 64) == 0 ? getsockname(socket, $0, &length) : -1
            }
        }
        guard status == 0 else { throw TestFailure("listen: \(String(cString: strerror(errno)))") }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    /// Takes connections until the listener is ended, each on a thread of its own.
    /// - Parameter body: owns its connection, and closes it.
    static func serve(_ listener: Int32, named name: String, _ body: @escaping @Sendable (_ client: Int32) -> Void) {
        DetachedThread.start(named: name) {
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                DetachedThread.start(named: name) { body(client) }
            }
        }
    }

    /// Lets go of a listener, whoever waits at it.
    static func end(_ listener: Int32) {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Hands on what either of two connections says to the other, until one ends; closes neither.
    static func join(_ client: Int32, _ server: Int32) {
        let answered = SignalledOnce<Void>()
        DetachedThread.start(named: "answers") {
            copy(from: server, to: client)
            answered.set(())
        }
        copy(from: client, to: server)
        _ = answered.wait()
    }

    private static func copy(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0, send(Array(buffer[..<count]), to: target) else { break }
        }
        // Then neither is to say more.
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(target, Int32(SHUT_RDWR))
    }

    /// - Returns: a connected socket, or `nil`.
    static func connect(_ port: UInt16) -> Int32? {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        var address = self.address(port)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(socket)
            return nil
        }
        return socket
    }

    static func answers(_ port: UInt16) -> Bool {
        guard let socket = connect(port) else { return false }
        close(socket)
        return true
    }

    /// - Returns: `false` when the other side is gone.
    static func send(_ bytes: [UInt8], to socket: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            done += count
        }
        return true
    }

    /// Ends a connection with a reset, as a machine that dies or a firewall does (socket(7), SO_LINGER).
    static func reset(_ socket: Int32) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        close(socket)
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
