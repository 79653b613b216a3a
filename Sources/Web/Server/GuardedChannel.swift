import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// HTTP/1.1 over a connection that is watched over, with TLS where it is configured. The certificate is that of the
/// moment: one that was renewed is used from the next connection on.
struct GuardedChannel: ServerChildChannel {
    private let http: HTTP1Channel
    private let security: WebSecurity

    init(
        responder: @escaping HTTPChannelHandler.Responder, limits: WebLimits, census: ConnectionCensus,
        security: WebSecurity
    ) {
        self.security = security
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: 100)
        // The idle time is the guard's.
        http = HTTP1Channel(
            responder: responder,
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(limits: limits, census: census)],
                idleTimeout: nil, httpDecoderConfiguration: decoder))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        guard let context = security.context else { return http.setup(channel: channel, logger: logger) }
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        }.flatMap { http.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}
