import Backups
import Processes

/// Ends the work when its time is up.
final class Deadline: Sendable {
    private let met = SignalledOnce<Void>()

    /// - Parameter duration: `nil` for no deadline.
    init(_ duration: Duration?, _ cancellation: Cancellation) {
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
    func stop() { met.set(()) }
}
