import NIOCore
import NIOPosix

/// Bytes to a server on loopback, and the bytes that come back: what no well-behaved client library would send.
struct RawClient {
    let port: Int

    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    func connect() async throws -> Connection {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
            }
    }

    /// Sends `request` and reads until the server closes.
    func exchange(_ request: String) async throws -> String {
        try await connect().executeThenClose { inbound, outbound in
            // The server may close before all is sent: what it said still counts.
            try? await outbound.write(ByteBuffer(string: request))
            return await Self.all(of: inbound)
        }
    }

    static func all(of inbound: NIOAsyncChannelInboundStream<ByteBuffer>) async -> String {
        var text = ""
        do {
            for try await part in inbound { text += String(buffer: part) }
        } catch {
            return text
        }
        return text
    }

    /// One request on a connection of its own.
    func get(_ path: String, method: String = "GET", headers: [String] = []) async throws -> String {
        let lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"] + headers
        return try await exchange(lines.joined(separator: "\r\n") + "\r\n\r\n")
    }
}
