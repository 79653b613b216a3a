package import Backups
import Processes

/// How often, and after how long, a request that failed for a passing reason is made again.
///
/// Waits grow by a factor of two, and each is drawn from zero to its bound, so that many readers that failed together
/// do not come back together ("Exponential Backoff And Jitter", AWS Architecture Blog: "Full Jitter").
package struct RetryPolicy: Sendable {
    /// In all, the first included.
    package var attempts = 8
    /// Of those that reach no server at all, or agree on no encryption with it: more would keep waiting who mistyped its name.
    package var attemptsToConnect = 3
    package var base = Duration.milliseconds(250)
    package var longest = Duration.seconds(20)
    /// From zero to one.
    package var random: @Sendable () -> Double = { Double.random(in: 0...1) }
    /// Waits; blocking. Ends early, and throws, when the work is cancelled.
    package var pause: @Sendable (Duration, Cancellation) throws -> Void = RetryPolicy.wait

    package init() {}

    /// How long to wait after so many failures in a row.
    package func delay(after failures: Int) -> Duration {
        let bound = min(longest.totalSeconds, base.totalSeconds * Double(1 << min(failures - 1, 20)))
        return .seconds(bound * random())
    }

    private static func wait(_ duration: Duration, _ cancellation: Cancellation) throws {
        let ended = BlockingQueue<Void>()
        let token = cancellation.onCancel { ended.append(()) }
        defer { cancellation.removeHandler(token) }
        _ = ended.next(for: duration)
        try cancellation.check()
    }
}

/// Failures in a row, and when it is enough.
struct RetryCount {
    private let policy: RetryPolicy
    private let cancellation: Cancellation
    private(set) var failures = 0

    init(_ policy: RetryPolicy, _ cancellation: Cancellation) {
        (self.policy, self.cancellation) = (policy, cancellation)
    }

    /// Waits for the next attempt; throws `error` when there were enough.
    mutating func next(after error: any Error) throws {
        failures += 1
        let isBeforeAnswer = (error as? HTTPFailure)?.isBeforeAnswer ?? false
        let most = isBeforeAnswer ? policy.attemptsToConnect : policy.attempts
        guard failures < most else { throw error }
        try policy.pause(policy.delay(after: failures), cancellation)
    }

    mutating func reset() { failures = 0 }
}
