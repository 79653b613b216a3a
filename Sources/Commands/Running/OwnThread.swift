import Processes

/// Runs blocking work away from the thread that waits for it.
enum OwnThread {
    /// - Returns: what `body` returned, on a thread of its own.
    static func run<Value: Sendable>(named name: String, _ body: @escaping @Sendable () -> Value) -> Value {
        let outcome = SignalledOnce<Value>()
        DetachedThread.start(named: name) { outcome.set(body()) }
        return outcome.wait()
    }
}
