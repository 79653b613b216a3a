import Processes

/// Runs blocking work in turn on one thread of its own, for callers that must not block.
final class WorkThread: Sendable {
    private let work = BlockingQueue<@Sendable () -> Void>()

    init(named name: String) {
        let work = work
        DetachedThread.start(named: name) {
            while true { work.next()() }
        }
    }

    /// - Throws: what `body` throws.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            work.append { continuation.resume(with: Result { try body() }) }
        }
    }
}
