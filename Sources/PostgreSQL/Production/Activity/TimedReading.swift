package import Backups
import Processes

/// A reading of production that ends when its time is up, even where the server does not answer at all: the time-outs
/// that the server keeps need one that runs.
package enum TimedReading {
    /// - Parameters:
    ///   - outer: ends it earlier.
    ///   - body: opens its connections with the cancellation that it gets.
    /// - Throws: ``Obstacle`` `deadline-exceeded`, or what `body` throws.
    package static func run<Value>(
        _ limit: Duration, within outer: Cancellation, _ body: (Cancellation) throws -> Value
    ) throws -> Value {
        let own = Cancellation()
        let token = outer.onCancel { if let obstacle = outer.obstacle { own.cancel(obstacle) } }
        defer { outer.removeHandler(token) }
        let deadline = Deadline(
            limit, own,
            Obstacle(
                .deadlineExceeded,
                "production did not answer within \(Quantity.duration(seconds: limit.totalSeconds))",
                hint: "Is it up, and not too busy?"))
        defer { deadline.stop() }
        return try body(own)
    }
}
