/// What a connection is waiting for, and since which request: the pure half of ``ConnectionGuard``.
struct ConnectionPhase: Equatable {
    enum Wait: Equatable {
        /// For the head of the first request.
        case firstHead
        /// For the rest of a request's body.
        case body
        /// For the server to answer, and the client to take the answer.
        case response
        /// For the head of another request.
        case nextHead
    }

    private(set) var wait = Wait.firstHead
    /// Requests whose response is not sent yet; more than one when the client pipelines.
    private var unanswered = 0
    private var isReading = false
    private var bodyBytes = 0
    /// The body was larger than allowed: once the client was told, there is no going on.
    private(set) var isOverLimit = false

    /// Nothing is asked of the server on this connection now: closing it loses no answer.
    var isEvictable: Bool { unanswered == 0 }

    /// - Parameter length: what the client announced.
    mutating func headArrived(announcing length: Int?, limit: Int) {
        unanswered += 1
        isReading = true
        bodyBytes = 0
        if let length, length > limit { isOverLimit = true }
        wait = .body
    }

    /// - Returns: whether these bytes are to be handed on: all up to those that cross the limit, and no more.
    mutating func bodyArrived(bytes: Int, limit: Int) -> Bool {
        let isWithin = bodyBytes <= limit
        bodyBytes += bytes
        if bodyBytes > limit { isOverLimit = true }
        return isWithin
    }

    mutating func requestEnded() {
        isReading = false
        wait = unanswered > 0 ? .response : .nextHead
    }

    /// The last byte of a response was taken by the client's side.
    mutating func responseSent() {
        unanswered = max(0, unanswered - 1)
        guard !isReading else { return }
        wait = unanswered > 0 ? .response : .nextHead
    }
}

extension WebLimits {
    func time(for wait: ConnectionPhase.Wait) -> Duration {
        switch wait {
        case .firstHead: headerTime
        case .body: bodyTime
        case .response: responseTime
        case .nextHead: idleTime
        }
    }
}
