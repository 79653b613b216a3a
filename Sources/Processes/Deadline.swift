package import Backups

/// Ends the work when its time is up.
package final class Deadline: Sendable {
    private let met = SignalledOnce<Void>()

    /// - Parameter duration: `nil` for no deadline.
    package init(_ duration: Duration?, _ cancellation: Cancellation) {
        guard let duration else { return }
        DetachedThread.start(named: "deadline") { [met] in
            guard met.wait(for: duration) == nil else { return }
            let text = Quantity.duration(seconds: duration.totalSeconds)
            cancellation.cancel(
                Obstacle(
                    .deadlineExceeded, "not done within \(text)",
                    hint: "Allow more time with --deadline, or give the scratch server more memory or jobs."))
        }
    }

    /// The work is done.
    package func stop() { met.set(()) }
}
