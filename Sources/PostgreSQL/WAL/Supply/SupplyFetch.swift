import Backups
import Glibc
import Processes
import Synchronization

/// One segment on its way into the cache: fetched once, by the thread that comes to it first.
final class SupplyFetch: Sendable {
    private enum Stage { case waiting, running, over, abandoned }

    let name: WALSegmentName
    /// Where it lies when it was fetched.
    let path: String
    private let body: @Sendable (_ path: String) throws -> Void
    private let stage = Mutex(Stage.waiting)
    private let outcome = SignalledOnce<Result<String, any Error>>()

    /// - Parameter body: puts the segment at a path, whole, or throws.
    init(_ name: WALSegmentName, to path: String, _ body: @escaping @Sendable (_ path: String) throws -> Void) {
        self.name = name
        self.path = path
        self.body = body
    }

    /// Fetches it, unless another thread does or did, or nobody wants it any more.
    func run() {
        let begins = stage.withLock { stage in
            guard stage == .waiting else { return false }
            stage = .running
            return true
        }
        guard begins else { return }
        outcome.set(
            Result {
                try body(path)
                return path
            })
        let isUnwanted = stage.withLock { stage in
            if stage == .running { stage = .over }
            return stage == .abandoned
        }
        if isUnwanted { unlink(path) }
    }

    /// Waits until it is there.
    /// - Throws: why it is not.
    func wait(_ cancellation: Cancellation) throws -> String {
        let outcome = outcome
        let token = cancellation.onCancel {
            outcome.set(.failure(cancellation.obstacle ?? Obstacle(.interrupted, "recovery was ended")))
        }
        defer { cancellation.removeHandler(token) }
        return try outcome.wait().get()
    }

    /// Nobody will take it: it is not fetched, or removed again.
    func abandon() {
        let isOver = stage.withLock { stage in
            defer { stage = .abandoned }
            return stage == .over
        }
        if isOver { unlink(path) }
    }
}
