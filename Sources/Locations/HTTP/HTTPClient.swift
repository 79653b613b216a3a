import Backups

/// Whole answers to small requests that no bucket is asked: for credentials.
struct HTTPClient: Sendable {
    private static let longestAnswer = 1 << 20

    let pool: CurlPool
    let retry: RetryPolicy

    /// Tries again where that helps.
    /// - Throws: ``HTTPFailure``, and the ``Obstacle`` of the cancellation.
    func send(_ request: HTTPRequest, cancellation: Cancellation) throws -> HTTPAnswer {
        var count = RetryCount(retry, cancellation)
        while true {
            do {
                let answer = try attempt(request, cancellation)
                guard answer.head.status == 429 || answer.head.status >= 500 else { return answer }
                do {
                    try count.next(after: HTTPFailure(.broken, "status \(answer.head.status)"))
                } catch is HTTPFailure {
                    return answer
                }
            } catch let failure as HTTPFailure where failure.isTransient {
                try count.next(after: failure)
            }
        }
    }

    private func attempt(_ request: HTTPRequest, _ cancellation: Cancellation) throws -> HTTPAnswer {
        let transfer = try CurlTransfer(request, pool: pool, cancellation: cancellation)
        return HTTPAnswer(head: transfer.head, body: try transfer.body(most: Self.longestAnswer))
    }
}
