package import Backups

/// Ends the work when its time is up.
package final class Deadline: Sendable {
    private let met = SignalledOnce<Void>()

    /// - Parameter duration: `nil` for no deadline.
    package convenience init(_ duration: Duration?, _ cancellation: Cancellation) {
        let text = Quantity.duration(seconds: duration?.totalSeconds ?? 0)
        self.init(
            duration, cancellation,
            Obstacle(
                .deadlineExceeded, "not done within \(text)",
                hint:
                    "Allow more time with --deadline or scratch.deadline, or give the scratch server more memory or jobs."
            ))
    }

    /// - Parameters:
    ///   - duration: `nil` for no deadline.
    ///   - obstacle: what the work is ended with.
    package init(_ duration: Duration?, _ cancellation: Cancellation, _ obstacle: Obstacle) {
        guard let duration else { return }
        DetachedThread.start(named: "deadline") { [met] in
            guard met.wait(for: duration) == nil else { return }
            cancellation.cancel(obstacle)
        }
    }

    /// The work is done.
    package func stop() { met.set(()) }
}
