import Backups

/// Whole answers to small requests that no bucket is asked: for credentials.
struct HTTPClient: Sendable {
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
        var body: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = try piece.withUnsafeMutableBytes { try transfer.read(into: $0) }
            if count == 0 { return HTTPAnswer(head: transfer.head, body: body) }
            guard body.count + count <= 1 << 20 else { throw HTTPFailure(.tooLarge, "the answer is too long") }
            body += piece[..<count]
        }
    }
}
