import Backups
import Processes

extension BoundsSource {
    /// By the monotonic clock.
    static func wait(_ duration: Duration, _ cancellation: Cancellation) throws {
        let ended = BlockingQueue<Void>()
        let token = cancellation.onCancel { ended.append(()) }
        defer { cancellation.removeHandler(token) }
        _ = ended.next(for: duration)
        try cancellation.check()
    }
}
