import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Watches over one connection, between the HTTP decoder and the responder: closes it when its client takes too long
/// over a request or an answer, and holds back what goes over the limit of a body.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: WebLimits
    private let census: ConnectionCensus
    private var phase = ConnectionPhase()
    private var number: UInt64?
    private var deadline: Scheduled<Void>?
    private var timedWait: ConnectionPhase.Wait?

    init(limits: WebLimits, census: ConnectionCensus) {
        self.limits = limits
        self.census = census
    }

    func handlerAdded(context: ChannelHandlerContext) {
        number = census.enter(context.channel)
        phaseChanged(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let length = head.headerFields[.contentLength].flatMap { Int($0) }
            phase.headArrived(announcing: length, limit: limits.bodyBytes)
        case .body(let bytes):
            guard phase.bodyArrived(bytes: bytes.readableBytes, limit: limits.bodyBytes) else { return }
        case .end:
            phase.requestEnded()
        }
        phaseChanged(context)
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        sent.futureResult.whenSuccess {
            let (handler, context) = bound.value
            handler.responseSent(context)
        }
        context.write(data, promise: sent)
    }

    private func responseSent(_ context: ChannelHandlerContext) {
        guard number != nil else { return }
        phase.responseSent()
        if phase.isOverLimit { return context.close(promise: nil) }
        phaseChanged(context)
    }

    private func phaseChanged(_ context: ChannelHandlerContext) {
        guard let number, timedWait != phase.wait else { return }
        timedWait = phase.wait
        if phase.isEvictable { census.waits(number) } else { census.works(number) }
        deadline?.cancel()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.time(for: phase.wait))) {
            let (handler, context) = bound.value
            if handler.number != nil { context.close(promise: nil) }
        }
    }

    private func leave() {
        deadline?.cancel()
        deadline = nil
        if let number { census.leave(number) }
        number = nil
    }
}
