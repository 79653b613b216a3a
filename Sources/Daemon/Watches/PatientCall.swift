import Processes
import Synchronization

/// A question to a file system, which may never answer (a dead mount): asked on a thread of its own, waited for no longer
/// than it is worth, and not asked again before it has answered.
final class PatientCall<Value: Sendable, Failure: Error>: Sendable {
    private let name: String
    private let body: @Sendable () throws(Failure) -> Value
    private let pending = Mutex<SignalledOnce<Result<Value, Failure>>?>(nil)

    /// - Parameters:
    ///   - name: of the thread.
    ///   - body: blocks.
    init(named name: String, _ body: @escaping @Sendable () throws(Failure) -> Value) {
        self.name = name
        self.body = body
    }

    /// - Returns: `nil` when there is no answer within `patience`, or none yet to a question asked before, which is waited
    ///   for no more: it would hold up its asker each time. An answer that came too late is not handed out: it tells what
    ///   was, perhaps long ago.
    /// - Throws: what the question threw.
    func answer(within patience: Duration) throws(Failure) -> Value? {
        let (answer, isNew) = pending.withLock { pending in
            if let asked = pending, asked.current == nil { return (asked, false) }
            let new = SignalledOnce<Result<Value, Failure>>()
            pending = new
            return (new, true)
        }
        guard isNew else { return nil }
        DetachedThread.start(named: name) { [body] in answer.set(Result { () throws(Failure) in try body() }) }
        guard let result = answer.wait(for: patience) else { return nil }
        pending.withLock { $0 = nil }
        return try result.get()
    }
}
