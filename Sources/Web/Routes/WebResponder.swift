import Backups
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Answers requests: who asks, for what, and what is known of it.
struct WebResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let source: any PageSource
    let security: WebSecurity
    let limits: WebLimits
    let clock: @Sendable () -> Timestamp
    let logger: Logger

    func respond(to request: Request, context: Context) async throws -> Response {
        let isHead = request.method == .head
        do {
            guard try await isBodyWithinLimit(of: request) else {
                var answer = Answer.text("the body is larger than \(limits.bodyBytes) bytes", status: .contentTooLarge)
                answer.fields[.connection] = "close"
                return answer.response(isHead: isHead)
            }
            return try await answer(to: request).response(isHead: isHead)
        } catch let refusal as Route.Refusal {
            return Self.answer(to: refusal).response(isHead: isHead)
        } catch let obstacle as Obstacle {
            logger.error("a page could not be made", metadata: ["reason": "\(obstacle)"])
            return Self.answer(to: obstacle).response(isHead: isHead)
        }
    }

    private func answer(to request: Request) async throws -> Answer {
        let target = request.head.path ?? "/"
        let route = Result { () throws(Route.Refusal) in
            try Route.of(method: request.method.rawValue, target: target)
        }
        // Before it is told which paths exist.
        if (try? route.get())?.isProbe != true, let refused = await unauthorised(request) { return refused }
        let wanted = try route.get()
        if wanted.isCommand, !SameOrigin.allows(request.headers, authority: request.head.authority) {
            return .json(Self.problem("this was asked for by a page of another origin"), status: .forbidden)
        }
        return try await WebPages(source: source, isGuarded: security.authentication != nil, now: clock())
            .answer(to: wanted, MetricsWish(request.headers))
    }

    /// - Returns: what to answer instead; `nil` for those who may ask.
    private func unauthorised(_ request: Request) async -> Answer? {
        guard let authentication = security.authentication else { return nil }
        switch await authentication.check(request.headers[.authorization]) {
        case .granted: return nil
        case .denied:
            var answer = Answer.text("a user and a password are needed", status: .unauthorized)
            answer.fields[.wwwAuthenticate] = "Basic realm=\"restorable\", charset=\"UTF-8\""
            return answer
        case .busy:
            var answer = Answer.text("too many passwords are being checked", status: .serviceUnavailable)
            answer.fields[.retryAfter] = "5"
            return answer
        }
    }

    /// No request needs a body. One that comes is read, within its limit, so that the connection can go on.
    private func isBodyWithinLimit(of request: Request) async throws -> Bool {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.bodyBytes { return false }
        var count = 0
        for try await part in request.body {
            count += part.readableBytes
            if count > limits.bodyBytes { return false }
        }
        return true
    }

    static func answer(to refusal: Route.Refusal) -> Answer {
        switch refusal {
        case .notFound: return .json(problem("there is nothing here"), status: .notFound)
        case .badRequest(let message): return .json(problem(message), status: .badRequest)
        case .methodNotAllowed(let methods):
            var answer = Answer.json(problem("the method is not allowed here"), status: .methodNotAllowed)
            answer.fields[.allow] = methods.joined(separator: ", ")
            return answer
        }
    }

    /// The cause of an obstacle is for the log alone.
    static func answer(to obstacle: Obstacle) -> Answer {
        .json(
            .object([
                .init("error", .string(obstacle.message)), .init("reason", .string(obstacle.reason.rawValue)),
                .init("hint", .optional(obstacle.hint)),
            ]), status: .serviceUnavailable)
    }

    static func problem(_ message: String) -> JSONValue { .object([.init("error", .string(message))]) }
}
