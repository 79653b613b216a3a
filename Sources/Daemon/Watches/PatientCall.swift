import Processes
import Synchronization

/// A question to a file system, which may never answer (a dead mount): asked on a thread of its own, waited for no longer
/// than it is worth, and not asked again before it has answered.
final class PatientCall<Value: Sendable>: Sendable {
    private let name: String
    private let body: @Sendable () throws -> Value
    private let pending = Mutex<SignalledOnce<Result<Value, any Error>>?>(nil)

    /// - Parameters:
    ///   - name: of the thread.
    ///   - body: blocks.
    init(named name: String, _ body: @escaping @Sendable () throws -> Value) {
        self.name = name
        self.body = body
    }

    /// - Returns: `nil` when there is no answer within `patience`, or none yet to a question asked before, which is waited
    ///   for no more: it would hold up its asker each time.
    /// - Throws: what the question threw.
    func answer(within patience: Duration) throws -> Value? {
        let (answer, isNew) = pending.withLock { pending in
            if let asked = pending { return (asked, false) }
            let new = SignalledOnce<Result<Value, any Error>>()
            pending = new
            return (new, true)
        }
        if isNew {
            DetachedThread.start(named: name) { [body] in answer.set(Result { try body() }) }
        }
        guard let result = isNew ? answer.wait(for: patience) : answer.current else { return nil }
        pending.withLock { $0 = nil }
        return try result.get()
    }
}
